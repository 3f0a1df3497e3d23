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
} from './blocks';

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
});
