/**
 * The tree of a condition while it is edited. Every part has a key that stays the same when the part is moved, so an
 * open form stays open; keys never leave the editor.
 */
export type Match = 'all' | 'any' | 'none';
export type Params = Record<string, unknown>;
export type Leaf = { type: string; params: Params };
export type ConditionGroup = { match: Match; conditions: ConditionNode[] };
export type ConditionNode = Leaf | ConditionGroup;

export type KeyedLeaf = Leaf & { key: string };
export type KeyedGroup = { key: string; match: Match; parts: KeyedNode[] };
export type KeyedNode = KeyedLeaf | KeyedGroup;
/** Where a part stands: in which group, and as which of its parts. */
export type Place = { parent: string; index: number };

let made = 0;
const newKey = () => {
  made += 1;
  return `part-${made}`;
};

export const isGroup = (node: KeyedNode): node is KeyedGroup => 'parts' in node;
const isGroupDocument = (node: ConditionNode): node is ConditionGroup => 'match' in node || 'conditions' in node;

export const newLeaf = (type: string): KeyedLeaf => ({ key: newKey(), type, params: {} });
export const newGroup = (match: Match, parts: KeyedNode[] = []): KeyedGroup => ({ key: newKey(), match, parts });

/** The grammar also knows {"not": …}, which reads as a group of which none may hold. */
function keyed(node: ConditionNode | { not: ConditionNode }): KeyedNode {
  if ('not' in node) return newGroup('none', [keyed(node.not)]);
  if (!isGroupDocument(node)) return { key: newKey(), type: node.type, params: node.params ?? {} };
  return newGroup(node.match ?? 'all', (node.conditions ?? []).map(keyed));
}

/** A tree always begins with a group; a single condition becomes its only part. */
export function fromDocument(node: ConditionNode | null | undefined): KeyedGroup {
  if (!node || Object.keys(node).length === 0) return newGroup('all');
  const read = keyed(node);
  return isGroup(read) ? read : newGroup('all', [read]);
}

export function toDocument(node: KeyedGroup): ConditionGroup;
export function toDocument(node: KeyedNode): ConditionNode;
export function toDocument(node: KeyedNode): ConditionNode {
  if (!isGroup(node)) return { type: node.type, params: node.params };
  return { match: node.match, conditions: node.parts.map((part) => toDocument(part)) };
}

export const leavesOf = (node: KeyedNode): KeyedLeaf[] => (isGroup(node) ? node.parts.flatMap(leavesOf) : [node]);

export function update(root: KeyedGroup, key: string, change: (node: KeyedNode) => KeyedNode): KeyedGroup {
  const walk = (node: KeyedNode): KeyedNode => {
    if (node.key === key) return change(node);
    if (!isGroup(node)) return node;
    const parts = node.parts.map(walk);
    return parts.some((part, index) => part !== node.parts[index]) ? { ...node, parts } : node;
  };
  const changed = walk(root);
  return isGroup(changed) ? changed : root;
}

const withParts = (root: KeyedGroup, key: string, change: (parts: KeyedNode[]) => KeyedNode[]) =>
  update(root, key, (node) => (isGroup(node) ? { ...node, parts: change(node.parts) } : node));

export function find(root: KeyedGroup, key: string): (Place & { node: KeyedNode }) | null {
  for (const [index, node] of root.parts.entries()) {
    if (node.key === key) return { node, parent: root.key, index };
    const inside = isGroup(node) ? find(node, key) : null;
    if (inside) return inside;
  }
  return null;
}

export function remove(root: KeyedGroup, key: string): KeyedGroup {
  const found = find(root, key);
  if (!found) return root;
  return withParts(root, found.parent, (parts) => parts.filter((part) => part.key !== key));
}

export const insert = (root: KeyedGroup, place: Place, node: KeyedNode) =>
  withParts(root, place.parent, (parts) => parts.toSpliced(place.index, 0, node));

/** To another place; a group cannot go into itself. */
export function move(root: KeyedGroup, key: string, place: Place): KeyedGroup {
  const found = find(root, key);
  if (!found || place.parent === key) return root;
  if (isGroup(found.node) && find(found.node, place.parent)) return root;
  const isLater = found.parent === place.parent && found.index < place.index;
  const index = place.index - (isLater ? 1 : 0);
  if (found.parent === place.parent && index === found.index) return root;
  return insert(remove(root, key), { ...place, index }, found.node);
}

/** One step up or down as it is read: past a condition, into a neighbouring group, out of a group at its end. */
export function step(root: KeyedGroup, key: string, by: -1 | 1): KeyedGroup {
  const found = find(root, key);
  if (!found) return root;
  const parent = found.parent === root.key ? root : (find(root, found.parent)?.node as KeyedGroup);
  const neighbour = parent.parts[found.index + by];
  if (neighbour && isGroup(neighbour)) {
    return move(root, key, { parent: neighbour.key, index: by === 1 ? 0 : neighbour.parts.length });
  }
  if (neighbour) return move(root, key, { parent: parent.key, index: found.index + (by === 1 ? 2 : -1) });
  const outer = find(root, parent.key);
  return outer ? move(root, key, { parent: outer.parent, index: outer.index + (by === 1 ? 1 : 0) }) : root;
}

export const canStep = (root: KeyedGroup, key: string, by: -1 | 1) => step(root, key, by) !== root;

/** A part becomes the first one of a group of its own. */
export const wrap = (root: KeyedGroup, key: string, match: Match) =>
  update(root, key, (node) => newGroup(match, [node]));

/** The parts of a group take its place. */
export function unwrap(root: KeyedGroup, key: string): KeyedGroup {
  const found = find(root, key);
  if (!found || !isGroup(found.node)) return root;
  const { parts } = found.node;
  return withParts(root, found.parent, (all) => all.toSpliced(found.index, 1, ...parts));
}

const copyOf = (node: KeyedNode): KeyedNode =>
  isGroup(node) ? newGroup(node.match, node.parts.map(copyOf)) : { ...node, key: newKey() };

export function duplicate(root: KeyedGroup, key: string): KeyedGroup {
  const found = find(root, key);
  return found ? insert(root, { parent: found.parent, index: found.index + 1 }, copyOf(found.node)) : root;
}

/** The tree without what is not filled in yet. */
export function complete(root: KeyedGroup, isComplete: (leaf: KeyedLeaf) => boolean): KeyedGroup {
  const parts = root.parts.flatMap((part): KeyedNode[] => {
    if (!isGroup(part)) return isComplete(part) ? [part] : [];
    const kept = complete(part, isComplete);
    return kept.parts.length > 0 || part.parts.length === 0 ? [kept] : [];
  });
  return { ...root, parts };
}

/** Which part a pointer such as "/conditions/0/params/value" is about, and what remains of it. */
export function locate(root: KeyedGroup, pointer: string): { key: string; rest: string } {
  let node: KeyedNode = root;
  let rest = pointer;
  for (;;) {
    const [, index, after] = /^\/conditions\/(\d+)(.*)$/.exec(rest) ?? [];
    const next: KeyedNode | undefined = index !== undefined && isGroup(node) ? node.parts[Number(index)] : undefined;
    if (!next) return { key: node.key, rest };
    node = next;
    rest = after ?? '';
  }
}
