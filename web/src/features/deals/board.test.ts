import { describe, expect, it } from 'vitest';
import type { Deal } from '@/pickers/deals/api';
import type { Board } from './api';
import { beforeOf, moveOnBoard, stepOf } from './board';

const deal = (id: number) =>
  ({
    id,
    value: 100,
    currency: 'EUR',
    stage_id: id < 10 ? 1 : 2,
    status: 'open',
    probability: null,
    win_probability: 10,
  }) as Deal;
const column = (stage_id: number, ids: number[]) => ({
  stage_id,
  count: ids.length,
  values: { EUR: ids.length * 100 },
  weighted: { EUR: ids.length * 10 },
  deals: ids.map(deal),
  next: null,
});
const stages = [1, 2, 3].map((id) => ({ id, probability: 10 * id }));
const board = {
  pipeline: { stages },
  columns: [column(1, [1, 2, 3]), column(2, [11]), column(3, [])],
} as unknown as Board;
const ids = (found: Board) => found.columns.map((one) => one.deals.map((item) => item.id));

describe('board', () => {
  it('moves a card and its value', () => {
    const found = moveOnBoard(board, { deal: deal(2), stageId: 2, beforeId: 11 });
    expect(ids(found)).toEqual([[1, 3], [2, 11], []]);
    expect(found.columns.map((one) => one.values.EUR)).toEqual([200, 200, 0]);
    // The second stage wins twice as often as the first.
    expect(found.columns.map((one) => one.weighted.EUR)).toEqual([20, 30, 0]);
    expect(ids(moveOnBoard(board, { deal: deal(1), stageId: 1, beforeId: null }))[0]).toEqual([2, 3, 1]);
  });

  it('steps by keyboard and stops at the ends', () => {
    expect(stepOf(board.columns, deal(1), 'up')).toBeNull();
    expect(stepOf(board.columns, deal(1), 'down')).toMatchObject({ stageId: 1, beforeId: 3 });
    expect(stepOf(board.columns, deal(3), 'down')).toBeNull();
    expect(stepOf(board.columns, deal(3), 'right')).toMatchObject({ stageId: 2, beforeId: 11 });
    expect(stepOf(board.columns, deal(3), 'left')).toBeNull();
  });

  it('knows the card below a drop', () => {
    const [first] = board.columns;
    if (!first) throw new Error('the board has a column');
    expect(beforeOf(first, 2, 'top', 11)).toBe(2);
    expect(beforeOf(first, 2, 'bottom', 11)).toBe(3);
    expect(beforeOf(first, 2, 'bottom', 3)).toBeNull();
  });
});
