/** What can be done with the steps of a document: choose, add, move, copy, paste and remove, by mouse and by keyboard. */
import { useHotkeys, useSessionStorage } from '@mantine/hooks';
import { useRef, useState } from 'react';
import type { AutomationDocument, Step } from './api';
import * as graph from './flow/graph';
import { START } from './flow/layout';
import { makeStep } from './model';

/** Chosen in place of a step: the settings of the whole. */
export const SETTINGS = 'settings';

type Given = {
  document: AutomationDocument;
  edit: (document: AutomationDocument, mark?: string) => void;
  exitsOfType: (type: string) => string[];
  mayEdit: boolean;
  onCopied: (step: Step) => void;
};

export function useFlow({ document, edit, exitsOfType, mayEdit, onCopied }: Given) {
  const [selected, setSelected] = useState<string | null>(document.triggers.length === 0 ? START : null);
  const [isPicking, setPicking] = useState(false);
  const [copied, setCopied] = useSessionStorage<Step | null>({ key: 'automations.copied', defaultValue: null });
  const step = selected ? graph.findStep(document.steps, selected) : undefined;
  const setSteps = (steps: Step[], mark?: string) => steps !== document.steps && edit({ ...document, steps }, mark);

  const insert = (slot: graph.Slot, type: string) => {
    const id = graph.newId(document);
    setSteps(graph.insertStep(document.steps, slot, makeStep(id, type, exitsOfType(type))));
    setSelected(id);
  };
  const remove = (id: string) => {
    setSteps(graph.removeStep(document.steps, id));
    setSelected(null);
  };
  const copy = (item: Step) => {
    setCopied(item);
    onCopied(item);
  };
  const paste = (slot: graph.Slot) => {
    if (!copied) return;
    const pasted = graph.pasteStep(document, slot, copied);
    setSteps(pasted.steps);
    setSelected(pasted.id);
  };
  const behind = (id: string | undefined): graph.Slot => {
    const slot = id && graph.slotOf(document.steps, id);
    return slot ? { list: slot.list, index: slot.index + 1 } : { list: graph.ROOT, index: document.steps.length };
  };
  const setParams = (id: string, params: Record<string, unknown>) =>
    setSteps(graph.updateStep(document.steps, id, params), `params-${id}`);
  const choose = (id: string | null) => {
    if (isPicking && step && id && id !== START && id !== step.id) {
      setParams(step.id, { ...step.params, target: id });
      setPicking(false);
      return;
    }
    setPicking(false);
    setSelected(id);
  };

  const latest = useRef(choose);
  latest.current = choose;
  const [stable] = useState(() => (id: string | null) => latest.current(id));

  const onStep = (act: (item: Step) => void) => () => {
    if (mayEdit && step) act(step);
  };
  const isReading = () => !window.getSelection()?.isCollapsed;
  const shift = (by: -1 | 1) => onStep((item) => setSteps(graph.shiftStep(document.steps, item.id, by)));
  const keep = { preventDefault: false };
  useHotkeys([
    ['mod+C', onStep((item) => !isReading() && copy(item)), keep],
    [
      'mod+X',
      onStep((item) => {
        if (isReading()) return;
        copy(item);
        remove(item.id);
      }),
      keep,
    ],
    ['mod+V', () => mayEdit && paste(behind(step?.id)), keep],
    ['mod+D', onStep((item) => setSteps(graph.duplicateStep(document, item.id)))],
    ['Delete', onStep((item) => remove(item.id)), keep],
    ['Backspace', onStep((item) => remove(item.id)), keep],
    ['alt+ArrowUp', shift(-1)],
    ['alt+ArrowDown', shift(1)],
    ['Escape', () => (isPicking ? setPicking(false) : setSelected(null)), keep],
  ]);

  return {
    selected,
    step,
    choose: stable,
    insert,
    remove,
    copy,
    copied,
    paste,
    isPicking,
    setPicking,
    setParams,
    move: (id: string, slot: graph.Slot) => setSteps(graph.moveStep(document.steps, id, slot)),
    shift: (id: string, by: -1 | 1) => setSteps(graph.shiftStep(document.steps, id, by)),
    duplicate: (id: string) => setSteps(graph.duplicateStep(document, id)),
    note: (id: string, note: string) => setSteps(graph.noteStep(document.steps, id, note), `note-${id}`),
    addGoal: () => insert({ list: graph.ROOT, index: document.steps.length }, 'goal'),
  };
}

export type Flow = ReturnType<typeof useFlow>;
