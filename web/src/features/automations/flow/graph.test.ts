import { describe, expect, it } from 'vitest';
import type { Step } from '../api';
import {
  allSteps,
  armList,
  duplicateStep,
  insertStep,
  moveStep,
  pasteStep,
  removeStep,
  shiftStep,
  slotOf,
} from './graph';
import { layout } from './layout';

const step = (id: string, arms?: Record<string, Step[]>): Step => ({ id, type: 'wait', params: {}, arms });
const tree = () => [step('a'), step('b', { yes: [step('c')], no: [] }), step('d')];
const ids = (steps: Step[]) => allSteps(steps).map((item) => item.id);

describe('the tree of steps', () => {
  it('inserts at the root and into an arm', () => {
    expect(ids(insertStep(tree(), { list: 'root', index: 1 }, step('x')))).toEqual(['a', 'x', 'b', 'c', 'd']);
    expect(ids(insertStep(tree(), { list: armList('b', 'no'), index: 0 }, step('x')))).toEqual([
      'a',
      'b',
      'c',
      'x',
      'd',
    ]);
  });
  it('removes a step with all it owns', () => {
    expect(ids(removeStep(tree(), 'b'))).toEqual(['a', 'd']);
  });
  it('moves between lists and never into itself', () => {
    expect(ids(moveStep(tree(), 'd', { list: armList('b', 'yes'), index: 1 }))).toEqual(['a', 'b', 'c', 'd']);
    expect(ids(moveStep(tree(), 'b', { list: armList('b', 'yes'), index: 0 }))).toEqual(['a', 'b', 'c', 'd']);
  });
  it('shifts one place and stops at the top', () => {
    expect(ids(shiftStep(tree(), 'd', -1))).toEqual(['a', 'd', 'b', 'c']);
    expect(ids(shiftStep(tree(), 'a', -1))).toEqual(['a', 'b', 'c', 'd']);
    expect(ids(shiftStep(tree(), 'a', 1))).toEqual(['b', 'c', 'a', 'd']);
  });
  it('duplicates a branch with new ids behind it', () => {
    const steps = duplicateStep({ version: 1, triggers: [], steps: tree() }, 'b');
    expect(new Set(ids(steps)).size).toBe(6);
    expect(slotOf(steps, 'd')).toEqual({ list: 'root', index: 3 });
  });
  it('pastes a branch under new names, with its leaps', () => {
    const branch = step('b', { yes: [{ id: 'g', type: 'go_to', params: { target: 'b' } }], no: [] });
    const pasted = pasteStep({ version: 1, triggers: [], steps: [branch] }, { list: 'root', index: 1 }, branch);
    const copy = pasted.steps[1];
    expect(copy?.id).toBe(pasted.id);
    expect(copy?.arms?.yes?.[0]?.params.target).toBe(pasted.id);
    expect(new Set(ids(pasted.steps)).size).toBe(4);
  });
  it('lays every step out once and gives every place to add one', () => {
    const placed = layout(tree(), (item) => Object.keys(item.arms ?? {}));
    expect(
      placed.nodes
        .filter((node) => node.step)
        .map((node) => node.id)
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd']);
    const slots = new Set(placed.edges.map((edge) => `${edge.slot.list}:${edge.slot.index}`));
    expect(slots).toContain('b/no:0');
    expect(slots).toContain('root:0');
  });
});
