/** A tidy tree from top to bottom. Arms rejoin in a dot, behind which steps for all of them can follow. */
import type { Step } from '../api';
import { armList, ROOT, type Slot } from './graph';

export const W = 252;
export const H = 84;
const GAP_Y = 62;
const FAN_Y = 96;
const GAP_X = 36;
export const START = 'start';

export type PlacedNode = {
  id: string;
  x: number;
  y: number;
  step?: Step;
  kind: 'step' | 'end' | 'empty' | 'join' | 'start';
};
export type PlacedEdge = {
  id: string;
  from: string;
  to: string;
  slot: Slot;
  arm?: string;
  kind: 'line' | 'fan' | 'join';
  /** The line before it is the same place already. */
  hasNoPlus?: boolean;
};
type Tail = Omit<PlacedEdge, 'id' | 'to'>;
type ArmsOf = (step: Step) => string[];

export function layout(root: Step[], armsOf: ArmsOf): { nodes: PlacedNode[]; edges: PlacedEdge[] } {
  const nodes: PlacedNode[] = [{ id: START, x: -W / 2, y: 0, kind: 'start' }];
  const edges: PlacedEdge[] = [];

  const connect = (tails: Tail[], to: string) => {
    for (const tail of tails) {
      const kind = tails.length > 1 ? 'join' : tail.kind;
      edges.push({ ...tail, kind, to, id: `${tail.from}>${to}@${tail.slot.list}:${tail.slot.index}` });
    }
  };
  const stepsOf = (step: Step, arm: string) => step.arms?.[arm] ?? [];
  const widthOf = (steps: Step[]): number => Math.max(W, ...steps.map(spanOf));
  const spanOf = (step: Step): number => {
    const arms = armsOf(step);
    if (arms.length === 0) return W;
    return arms.reduce((sum, arm) => sum + widthOf(stepsOf(step, arm)), 0) + GAP_X * (arms.length - 1);
  };

  type Placed = { tails: Tail[]; bottom: number };

  function place(list: string, steps: Step[], center: number, top: number, into: Tail[]): Placed {
    let tails = into;
    let y = top;
    if (steps.length === 0 && list !== ROOT) {
      const id = `empty-${list}`;
      connect(tails, id);
      nodes.push({ id, x: center - 34, y, kind: 'empty' });
      return { tails: [{ from: id, slot: { list, index: 0 }, kind: 'line', hasNoPlus: true }], bottom: y + 28 + GAP_Y };
    }
    for (const [index, step] of steps.entries()) {
      connect(tails, step.id);
      nodes.push({ id: step.id, x: center - W / 2, y, step, kind: 'step' });
      y += H;
      if (armsOf(step).length === 0) {
        tails = [{ from: step.id, slot: { list, index: index + 1 }, kind: 'line' }];
        y += GAP_Y;
      } else {
        const placed = branch(step, center, y);
        const id = `join-${step.id}`;
        connect(placed.tails, id);
        nodes.push({ id, x: center - 34, y: placed.bottom, kind: 'join' });
        tails = [{ from: id, slot: { list, index: index + 1 }, kind: 'line' }];
        y = placed.bottom + 28 + GAP_Y - 14;
      }
    }
    return { tails, bottom: y };
  }

  function branch(step: Step, center: number, top: number): Placed {
    let x = center - spanOf(step) / 2;
    let bottom = top;
    const out: Tail[] = [];
    for (const arm of armsOf(step)) {
      const steps = stepsOf(step, arm);
      const list = armList(step.id, arm);
      const width = widthOf(steps);
      const start: Tail[] = [{ from: step.id, slot: { list, index: 0 }, arm, kind: 'fan' }];
      const placed = place(list, steps, x + width / 2, top + FAN_Y, start);
      out.push(...placed.tails);
      bottom = Math.max(bottom, placed.bottom);
      x += width + GAP_X;
    }
    return { tails: out, bottom };
  }

  const first: Tail[] = [{ from: START, slot: { list: ROOT, index: 0 }, kind: 'line' }];
  const placed = place(ROOT, root, 0, H + GAP_Y, first);
  nodes.push({ id: 'end', x: -34, y: placed.bottom, kind: 'end' });
  connect(placed.tails, 'end');
  return { nodes, edges };
}
