/** Undo and redo: the past, the present and the future of a document. */
export type History<T> = { past: T[]; present: T; future: T[]; mark?: string; at?: number };
const KEPT = 100;
const TOGETHER = 1_000;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] });

/** Changes with the same mark that follow closely, such as letters typed in one place, are undone as one. */
export function change<T>(history: History<T>, present: T, mark?: string, at = Date.now()): History<T> {
  const isMore = mark !== undefined && mark === history.mark && at - (history.at ?? 0) < TOGETHER;
  const past = isMore ? history.past : [...history.past.slice(-KEPT + 1), history.present];
  return { past, present, future: [], mark, at };
}
export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return { past: history.past.slice(0, -1), present: previous, future: [history.present, ...history.future] };
}
export function redo<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future: rest };
}
