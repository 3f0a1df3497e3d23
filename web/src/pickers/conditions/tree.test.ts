import { describe, expect, test } from 'vitest';
import * as tree from './tree';

const leaf = (type: string): tree.Leaf => ({ type, params: {} });
const document: tree.ConditionGroup = {
  match: 'all',
  conditions: [leaf('a'), { match: 'any', conditions: [leaf('b'), leaf('c')] }, leaf('d')],
};
const keyOf = (root: tree.KeyedGroup, type: string) =>
  tree.leavesOf(root).find((item) => item.type === type)?.key as string;
/** "a (b c) d" */
const show = (node: tree.KeyedNode): string => (tree.isGroup(node) ? `(${node.parts.map(show).join(' ')})` : node.type);

describe('a condition while it is edited', () => {
  test('comes back as it was read', () => {
    expect(tree.toDocument(tree.fromDocument(document))).toEqual(document);
    expect(tree.toDocument(tree.fromDocument(leaf('a')))).toEqual({ match: 'all', conditions: [leaf('a')] });
    const denied = { not: leaf('a') } as unknown as tree.ConditionNode;
    expect(tree.toDocument(tree.fromDocument(denied))).toEqual({ match: 'none', conditions: [leaf('a')] });
    expect(tree.toDocument(tree.fromDocument(undefined))).toEqual({ match: 'all', conditions: [] });
  });

  test('steps down through every place of the tree, and up again', () => {
    const seen: string[] = [];
    let root = tree.fromDocument(document);
    const a = keyOf(root, 'a');
    while (tree.canStep(root, a, 1)) {
      root = tree.step(root, a, 1);
      seen.push(show(root));
    }
    expect(seen).toEqual(['((a b c) d)', '((b a c) d)', '((b c a) d)', '((b c) a d)', '((b c) d a)']);
    while (tree.canStep(root, a, -1)) root = tree.step(root, a, -1);
    expect(show(root)).toBe('(a (b c) d)');
  });

  test('a dragged part lands where it was dropped, and no group in itself', () => {
    const root = tree.fromDocument(document);
    const group = root.parts[1] as tree.KeyedGroup;
    expect(show(tree.move(root, keyOf(root, 'd'), { parent: group.key, index: 1 }))).toBe('(a (b d c))');
    expect(show(tree.move(root, keyOf(root, 'a'), { parent: root.key, index: 3 }))).toBe('((b c) d a)');
    expect(tree.move(root, group.key, { parent: group.key, index: 0 })).toBe(root);
    expect(tree.move(root, keyOf(root, 'a'), { parent: root.key, index: 1 })).toBe(root);
  });

  test('copies get keys of their own, groups dissolve', () => {
    const root = tree.fromDocument(document);
    const group = root.parts[1] as tree.KeyedGroup;
    const twice = tree.duplicate(root, group.key);
    expect(show(twice)).toBe('(a (b c) (b c) d)');
    expect(new Set(tree.leavesOf(twice).map((item) => item.key)).size).toBe(6);
    expect(show(tree.unwrap(root, group.key))).toBe('(a b c d)');
    expect(show(tree.wrap(root, keyOf(root, 'a'), 'any'))).toBe('((a) (b c) d)');
  });

  test('a pointer of the server finds its part, also in a tree without what is not filled in', () => {
    const root = tree.fromDocument(document);
    const found = tree.locate(root, '/conditions/1/conditions/0/params/tag_id');
    expect(found).toEqual({ key: keyOf(root, 'b'), rest: '/params/tag_id' });
    const filled = tree.complete(root, (item) => item.type !== 'a');
    expect(show(filled)).toBe('((b c) d)');
    expect(tree.locate(filled, '/conditions/1')).toEqual({ key: keyOf(root, 'd'), rest: '' });
  });
});
