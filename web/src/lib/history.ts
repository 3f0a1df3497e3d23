/** Undo and redo: the past, the present and the future of a document. */
export type History<T> = { past: T[]; present: T; future: T[] };
const KEPT = 100;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] });
export const change = <T>(history: History<T>, present: T): History<T> => ({
  past: [...history.past.slice(-KEPT + 1), history.present],
  present,
  future: [],
});
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
