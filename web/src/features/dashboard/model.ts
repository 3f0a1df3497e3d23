/** What the start page says about its numbers. */
import type { Dashboard, Day } from './api';

/** A share of the messages sent; nothing sent has no rate. */
export function rate(part: number, sent: number): number | null {
  return sent > 0 ? Math.min(1, part / sent) : null;
}

export const isFresh = (board: Dashboard) => board.contacts_total === 0 && board.messages_sent_30d === 0;

export type PartOfDay = 'morning' | 'afternoon' | 'evening';

export function partOfDay(hour: number): PartOfDay {
  if (hour < 5 || hour >= 18) return 'evening';
  return hour < 12 ? 'morning' : 'afternoon';
}

/** Counts of a number a day, for the small lines beside the totals. */
export const dayValues = (series: Day[], name: Exclude<keyof Day, 'day'>) => series.map((day) => day[name]);

/** How much a count has grown since the first day, at the end of each day. */
export function growth(counts: number[]): number[] {
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum;
  });
}
