/** What the canvas's cards and lines need from the page. */
import { createContext, useContext } from 'react';
import type { Counts, Step } from '../api';
import type { Path } from '../test-run-api';
import type { Slot } from './graph';

export type CanvasApi = {
  insert: (slot: Slot, type: string) => void;
  move: (id: string, slot: Slot) => void;
  select: (id: string | null) => void;
  selected: string | null;
  mayEdit: boolean;
  /** Where a test run came through. */
  path: Path | null;
  counts: Counts | undefined;
  problemOf: (id: string) => string | undefined;
  titleOf: (step: Step) => string;
  detailOf: (step: Step) => string;
  armsOf: (step: Step) => string[];
  exitName: (list: string, exit: string) => string;
  triggerLine: string;
  /** A branch that was copied, to be pasted anywhere. */
  copied: Step | null;
  paste: (slot: Slot) => void;
  /** Choosing a step by clicking it. */
  isPicking: boolean;
  palette: { group: string; items: { type: string; label: string }[] }[];
};

export const CanvasContext = createContext<CanvasApi | null>(null);

export function useCanvas(): CanvasApi {
  const api = useContext(CanvasContext);
  if (!api) throw new Error('the canvas has no context');
  return api;
}
