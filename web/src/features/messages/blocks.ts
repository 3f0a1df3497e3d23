/** The tree of blocks of a message: pure operations on the document that the server checks and renders. */
export type Block = {
  id: string;
  type: BlockType;
  props?: Record<string, unknown>;
  slots?: Block[][];
  condition?: { match: 'all' | 'any' | 'none'; conditions: unknown[] };
};
export const blockTypes = [
  'heading',
  'text',
  'image',
  'button',
  'columns',
  'divider',
  'spacer',
  'conditional',
] as const;
export type BlockType = (typeof blockTypes)[number];
export type MessageDocument = {
  version: 1;
  kind: 'email' | 'html';
  settings?: Record<string, unknown>;
  blocks?: Block[];
  html?: string;
  text?: string;
};

/** Where a block goes: "root" or "<block id>/<slot>", and the index there. */
export type Place = { list: string; index: number };
export const ROOT = 'root';
export const slotList = (id: string, slot: number) => `${id}/${slot}`;

const beginnings: Record<BlockType, Omit<Block, 'id' | 'type'>> = {
  heading: { props: { text: 'A new heading', level: 2 } },
  text: { props: { html: '<p>Write here.</p>' } },
  image: { props: { src: '', alt: '' } },
  button: { props: { label: 'Read more', href: 'https://' } },
  columns: { props: {}, slots: [[], []] },
  divider: { props: {} },
  spacer: { props: { height: 24 } },
  conditional: { props: {}, condition: { match: 'all', conditions: [] }, slots: [[], []] },
};

export const makeBlock = (id: string, type: BlockType): Block => ({ id, type, ...structuredClone(beginnings[type]) });

function mapLists(list: string, blocks: Block[], change: (list: string, blocks: Block[]) => Block[]): Block[] {
  const inner = blocks.map((block) =>
    block.slots
      ? { ...block, slots: block.slots.map((items, slot) => mapLists(slotList(block.id, slot), items, change)) }
      : block,
  );
  return change(list, inner);
}

export const allBlocks = (blocks: Block[]): Block[] =>
  blocks.flatMap((block) => [block, ...(block.slots ?? []).flatMap(allBlocks)]);

export const insertBlock = (root: Block[], place: Place, block: Block): Block[] =>
  mapLists(ROOT, root, (list, blocks) =>
    list === place.list ? [...blocks.slice(0, place.index), block, ...blocks.slice(place.index)] : blocks,
  );

export const removeBlock = (root: Block[], id: string): Block[] =>
  mapLists(ROOT, root, (_, blocks) => blocks.filter((block) => block.id !== id));

export const updateBlock = (root: Block[], id: string, part: Partial<Block>): Block[] =>
  mapLists(ROOT, root, (_, blocks) => blocks.map((block) => (block.id === id ? { ...block, ...part } : block)));

export function placeOf(root: Block[], id: string, list = ROOT): Place | undefined {
  for (const [index, block] of root.entries()) {
    if (block.id === id) return { list, index };
    for (const [slot, items] of (block.slots ?? []).entries()) {
      const found = placeOf(items, id, slotList(block.id, slot));
      if (found) return found;
    }
  }
  return undefined;
}

/** Move a block with all it holds. Into itself, or columns into columns, changes nothing. */
export function moveBlock(root: Block[], id: string, place: Place): Block[] {
  const block = allBlocks(root).find((item) => item.id === id);
  if (!block || !mayHold(root, place.list, block)) return root;
  const marker: Block = { id: '__moving', type: 'divider' };
  const marked = insertBlock(root, place, marker);
  return mapLists(ROOT, removeBlock(marked, id), (_, items) =>
    items.map((item) => (item.id === '__moving' ? block : item)),
  );
}

export function mayHold(root: Block[], list: string, block: Block): boolean {
  if (list === ROOT) return true;
  const owner = list.split('/')[0] ?? '';
  if (allBlocks([block]).some((inner) => inner.id === owner)) return false;
  const hasColumns = allBlocks([block]).some((inner) => inner.type === 'columns');
  const around = allBlocks(root).filter((item) => allBlocks([item]).some((inner) => inner.id === owner));
  return !(hasColumns && around.some((item) => item.type === 'columns'));
}

export function shiftBlock(root: Block[], id: string, by: -1 | 1): Block[] {
  const place = placeOf(root, id);
  if (!place) return root;
  const index = by === -1 ? place.index - 1 : place.index + 2;
  return index < 0 ? root : moveBlock(root, id, { list: place.list, index });
}

export function newBlockId(root: Block[]): string {
  const taken = new Set(allBlocks(root).map((block) => block.id));
  let number = taken.size + 1;
  while (taken.has(`b${number}`)) number += 1;
  return `b${number}`;
}

/** A copy with ids of its own, put right behind the original. */
export function duplicateBlock(root: Block[], id: string): Block[] {
  const block = allBlocks(root).find((item) => item.id === id);
  const place = placeOf(root, id);
  if (!block || !place) return root;
  const taken = new Set(allBlocks(root).map((item) => item.id));
  const fresh = () => {
    let number = taken.size + 1;
    while (taken.has(`b${number}`)) number += 1;
    taken.add(`b${number}`);
    return `b${number}`;
  };
  const copy = (item: Block): Block => ({
    ...structuredClone(item),
    id: fresh(),
    ...(item.slots ? { slots: item.slots.map((slot) => slot.map(copy)) } : {}),
  });
  return insertBlock(root, { list: place.list, index: place.index + 1 }, copy(block));
}
