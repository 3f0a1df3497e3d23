import { describe, expect, it } from 'vitest';
import {
  allBlocks,
  type Block,
  duplicateBlock,
  insertBlock,
  makeBlock,
  moveBlock,
  newBlockId,
  removeBlock,
  shiftBlock,
  tuckBlock,
} from './blocks';
import { addVariant, dropVariant, unwrapBlock, wrapBlock } from './variants';

const tree = (): Block[] => [
  makeBlock('a', 'heading'),
  { ...makeBlock('c', 'columns'), slots: [[makeBlock('x', 'text')], []] },
  makeBlock('z', 'text'),
];
const ids = (blocks: Block[]) => allBlocks(blocks).map((block) => block.id);

describe('the tree of blocks', () => {
  it('inserts into a column and removes with all it holds', () => {
    const more = insertBlock(tree(), { list: 'c/1', index: 0 }, makeBlock('y', 'button'));
    expect(ids(more)).toEqual(['a', 'c', 'x', 'y', 'z']);
    expect(ids(removeBlock(more, 'c'))).toEqual(['a', 'z']);
  });
  it('moves, but never into itself and never columns into columns', () => {
    expect(ids(moveBlock(tree(), 'z', { list: 'c/1', index: 0 }))).toEqual(['a', 'c', 'x', 'z']);
    expect(moveBlock(tree(), 'c', { list: 'c/0', index: 0 })).toEqual(tree());
    const two = insertBlock(tree(), { list: 'root', index: 0 }, makeBlock('d', 'columns'));
    expect(moveBlock(two, 'd', { list: 'c/0', index: 0 })).toEqual(two);
  });
  it('shifts and finds a free id', () => {
    expect(ids(shiftBlock(tree(), 'z', -1))).toEqual(['a', 'z', 'c', 'x']);
    expect(ids(tree())).not.toContain(newBlockId(tree()));
  });
  it('copies a block with new ids for all it holds, right behind it', () => {
    const copied = duplicateBlock(tree(), 'c');
    expect(copied.map((block) => block.type)).toEqual(['heading', 'columns', 'columns', 'text']);
    expect(new Set(ids(copied)).size).toBe(6);
    expect(copied[2]?.slots?.[0]?.[0]?.props).toEqual(copied[1]?.slots?.[0]?.[0]?.props);
  });
  it('moves out of a column at its end, and sideways into columns and between them', () => {
    expect(shiftBlock(tree(), 'x', 1).map((block) => block.id)).toEqual(['a', 'c', 'x', 'z']);
    expect(shiftBlock(tree(), 'x', -1).map((block) => block.id)).toEqual(['a', 'x', 'c', 'z']);
    expect(tuckBlock(tree(), 'x', 1)[1]?.slots?.[1]?.[0]?.id).toBe('x');
    expect(ids(tuckBlock(tree(), 'a', 1))).toEqual(['c', 'x', 'a', 'z']);
    expect(shiftBlock(tree(), 'a', -1)).toEqual(tree());
    expect(tuckBlock(tree(), 'z', 1)).toEqual(tree());
  });
  it('keeps sections on the sheet itself', () => {
    const two = insertBlock(tree(), { list: 'root', index: 0 }, makeBlock('s', 'section'));
    expect(moveBlock(two, 's', { list: 'c/0', index: 0 })).toEqual(two);
    expect(moveBlock(two, 'c', { list: 's/0', index: 0 })[0]?.slots?.[0]?.[0]?.id).toBe('c');
  });
});

describe('a conditional block', () => {
  it('takes a block in where it stands and lets it out again', () => {
    const wrapped = wrapBlock(tree(), 'x');
    const columns = wrapped?.blocks[1];
    expect(columns?.slots?.[0]?.[0]?.type).toBe('conditional');
    expect(columns?.slots?.[0]?.[0]?.slots?.[0]?.[0]?.id).toBe('x');
    expect(unwrapBlock(wrapped?.blocks ?? [], wrapped?.id ?? '')).toEqual(tree());
  });
  it('gets a further variant before the rest, and loses it with what it showed', () => {
    const rest = makeBlock('r', 'text');
    const block: Block = { ...makeBlock('k', 'conditional'), slots: [[makeBlock('y', 'text')], [rest]] };
    const more: Block = { ...block, ...addVariant(block) };
    expect(more.slots?.map((slot) => slot.map((item) => item.id))).toEqual([['y'], [], ['r']]);
    expect(more.variants).toHaveLength(1);
    const second: Block = { ...more, ...dropVariant(more, 0) };
    expect(second.slots?.map((slot) => slot.map((item) => item.id))).toEqual([[], ['r']]);
    expect(second.variants).toEqual([]);
    expect(dropVariant(second, 0)).toEqual({});
  });
});
