/** Where cards lie on the board, and where they go. */
import type { Deal } from '@/pickers/deals/api';
import type { Board, Column, Move } from './api';

/** The board after a move, sums and all, before the server has answered. The new stage weighs a deal anew. */
export function moveOnBoard(board: Board, { deal, stageId, beforeId }: Move): Board {
  const from = board.columns.find((column) => column.deals.some((one) => one.id === deal.id));
  if (!from) return board;
  const columns = board.columns.map((column) => {
    const isFrom = column === from;
    const isTo = column.stage_id === stageId;
    if (!isFrom && !isTo) return column;
    const rest = column.deals.filter((one) => one.id !== deal.id);
    const next = isFrom ? deal : arrived(board, deal, stageId);
    const deals = isTo ? placed(rest, next, beforeId) : rest;
    const change = Number(isTo) - Number(isFrom);
    return {
      ...column,
      deals,
      count: column.count + change,
      values: added(column.values, deal.currency, change * deal.value),
      weighted: added(column.weighted, deal.currency, (change * next.value * next.win_probability) / 100),
    };
  });
  return { ...board, columns };
}

function placed(deals: Deal[], deal: Deal, beforeId: number | null): Deal[] {
  const index = beforeId === null ? deals.length : deals.findIndex((one) => one.id === beforeId);
  const place = index < 0 ? deals.length : index;
  return [...deals.slice(0, place), deal, ...deals.slice(place)];
}

function arrived(board: Board, deal: Deal, stageId: number): Deal {
  const stage_entered_at = new Date().toISOString();
  const win_probability = oddsIn(board, deal, stageId);
  return { ...deal, stage_id: stageId, stage_entered_at, win_probability, is_stale: false };
}

function oddsIn(board: Board, deal: Deal, stageId: number): number {
  const stage = board.pipeline.stages.find((one) => one.id === stageId);
  return deal.status === 'open' && deal.probability === null && stage ? stage.probability : deal.win_probability;
}

function added(sums: Record<string, number>, currency: string, value: number) {
  return value === 0 ? sums : { ...sums, [currency]: Math.round((sums[currency] ?? 0) + value) };
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/** Where a card goes by keyboard: a place up or down, or to the top of the stage beside. */
export function stepOf(columns: Column[], deal: Deal, direction: Direction): Move | null {
  const at = columns.findIndex((column) => column.deals.some((one) => one.id === deal.id));
  const column = columns[at];
  if (!column) return null;
  if (direction === 'left' || direction === 'right') {
    const next = columns[at + (direction === 'left' ? -1 : 1)];
    return next ? { deal, stageId: next.stage_id, beforeId: next.deals[0]?.id ?? null } : null;
  }
  const place = column.deals.findIndex((one) => one.id === deal.id);
  if (direction === 'up') {
    const above = column.deals[place - 1];
    return above ? { deal, stageId: column.stage_id, beforeId: above.id } : null;
  }
  if (place >= column.deals.length - 1) return null;
  return { deal, stageId: column.stage_id, beforeId: column.deals[place + 2]?.id ?? null };
}

/** The card below the place where another was dropped: itself, or the one after it. */
export function beforeOf(column: Column, targetId: number, edge: 'top' | 'bottom', movingId: number): number | null {
  const others = column.deals.filter((one) => one.id !== movingId);
  const place = others.findIndex((one) => one.id === targetId);
  if (place < 0) return others[0]?.id ?? null;
  return others[edge === 'top' ? place : place + 1]?.id ?? null;
}
