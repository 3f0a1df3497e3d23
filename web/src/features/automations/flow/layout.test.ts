import { describe, expect, it } from 'vitest';
import type { Step } from '../api';
import { layout } from './layout';

const step = (id: string, arms?: Record<string, Step[]>): Step => ({
  id,
  type: arms ? 'if_else' : 'wait',
  params: {},
  arms,
});
const armsOf = (item: Step) => (item.type === 'if_else' ? ['yes', 'no'] : []);
const slots = (steps: Step[]) =>
  layout(steps, armsOf)
    .edges.filter((edge) => !edge.hasNoPlus)
    .map((edge) => `${edge.slot.list}:${edge.slot.index}`);

describe('the layout', () => {
  it('has a place for a step everywhere, behind a branch too', () => {
    const found = slots([step('a'), step('b', { yes: [step('c')], no: [] })]);
    expect(found).toContain('root:2');
    expect(new Set(found).size).toBe(found.length);
    expect(new Set(found)).toEqual(new Set(['root:0', 'root:1', 'b/yes:0', 'b/yes:1', 'b/no:0', 'root:2']));
  });
  it('never lays one card on another', () => {
    const inner = step('i', { yes: [step('x'), step('y')], no: [step('z')] });
    const { nodes } = layout([step('a', { yes: [inner], no: [step('q')] }), step('end')], armsOf);
    const cards = nodes.filter((node) => node.kind === 'step');
    for (const one of cards)
      for (const other of cards)
        if (one !== other) expect(Math.abs(one.x - other.x) >= 252 || Math.abs(one.y - other.y) >= 84).toBe(true);
  });
});
