/** The automation document is a tree: a step may own arms, each arm a list of steps. All operations are pure. */
import type { AutomationDocument, Step } from '../api';

/** Where a step goes: the list it belongs to ("root" or "<step id>/<arm>") and its index there. */
export type Slot = { list: string; index: number };

export const ROOT = 'root';
export const armList = (stepId: string, arm: string) => `${stepId}/${arm}`;

type MapList = (list: string, steps: Step[]) => Step[];

/** What does not change stays the same object, so that it need not be drawn again. */
function mapLists(list: string, steps: Step[], change: MapList): Step[] {
  let isSame = true;
  const inner = steps.map((step) => {
    if (!step.arms) return step;
    const arms = Object.entries(step.arms).map(
      ([arm, items]) => [arm, mapLists(armList(step.id, arm), items, change)] as const,
    );
    if (arms.every(([arm, items]) => items === step.arms?.[arm])) return step;
    isSame = false;
    return { ...step, arms: Object.fromEntries(arms) };
  });
  return change(list, isSame ? steps : inner);
}

const replace = (steps: Step[], id: string, by: (step: Step) => Step) =>
  steps.some((step) => step.id === id) ? steps.map((step) => (step.id === id ? by(step) : step)) : steps;

export const insertStep = (root: Step[], slot: Slot, step: Step): Step[] =>
  mapLists(ROOT, root, (list, steps) =>
    list === slot.list ? [...steps.slice(0, slot.index), step, ...steps.slice(slot.index)] : steps,
  );

export const removeStep = (root: Step[], id: string): Step[] =>
  mapLists(ROOT, root, (_, steps) =>
    steps.some((step) => step.id === id) ? steps.filter((step) => step.id !== id) : steps,
  );

export const updateStep = (root: Step[], id: string, params: Record<string, unknown>): Step[] =>
  mapLists(ROOT, root, (_, steps) => replace(steps, id, (step) => ({ ...step, params })));

export const noteStep = (root: Step[], id: string, note: string): Step[] =>
  mapLists(ROOT, root, (_, steps) => replace(steps, id, (step) => ({ ...step, note: note === '' ? undefined : note })));

export function findStep(root: Step[], id: string): Step | undefined {
  return allSteps(root).find((step) => step.id === id);
}

export function allSteps(root: Step[]): Step[] {
  return root.flatMap((step) => [step, ...Object.values(step.arms ?? {}).flatMap(allSteps)]);
}

/** The slot right behind a step, for duplicating and for moving with the keyboard. */
export function slotOf(root: Step[], id: string, list = ROOT): Slot | undefined {
  for (const [index, step] of root.entries()) {
    if (step.id === id) return { list, index };
    for (const [arm, steps] of Object.entries(step.arms ?? {})) {
      const found = slotOf(steps, id, armList(step.id, arm));
      if (found) return found;
    }
  }
  return undefined;
}

/** Move a step with all it owns; into itself changes nothing. */
export function moveStep(root: Step[], id: string, slot: Slot): Step[] {
  const step = findStep(root, id);
  if (!step || allSteps([step]).some((inner) => slot.list.startsWith(`${inner.id}/`))) return root;
  const marker: Step = { ...step, id: '__moving', arms: undefined };
  const marked = insertStep(root, slot, marker);
  return mapLists(ROOT, removeStep(marked, id), (_, steps) => replace(steps, '__moving', () => step));
}

/** One up or down within its list. */
export function shiftStep(root: Step[], id: string, by: -1 | 1): Step[] {
  const slot = slotOf(root, id);
  if (!slot) return root;
  const target = by === -1 ? slot.index - 1 : slot.index + 2;
  return target < 0 ? root : moveStep(root, id, { list: slot.list, index: target });
}

export function newId(document: AutomationDocument): string {
  const taken = new Set([...allSteps(document.steps), ...document.triggers].map((item) => item.id));
  let number = taken.size + 1;
  while (taken.has(`s${number}`)) number += 1;
  return `s${number}`;
}

/** Puts a copy of a branch in a place. Its steps get ids of their own; leaps within the branch follow. */
export function pasteStep(document: AutomationDocument, slot: Slot, step: Step): { steps: Step[]; id: string } {
  const taken = new Set([...allSteps(document.steps), ...document.triggers].map((item) => item.id));
  let number = taken.size;
  const fresh = () => {
    do number += 1;
    while (taken.has(`s${number}`));
    return `s${number}`;
  };
  const renamed = new Map(allSteps([step]).map((item) => [item.id, fresh()]));
  const copy = (item: Step): Step => ({
    ...item,
    id: renamed.get(item.id) ?? item.id,
    params:
      typeof item.params.target === 'string'
        ? { ...item.params, target: renamed.get(item.params.target) ?? item.params.target }
        : item.params,
    arms: item.arms && Object.fromEntries(Object.entries(item.arms).map(([arm, steps]) => [arm, steps.map(copy)])),
  });
  return { steps: insertStep(document.steps, slot, copy(step)), id: renamed.get(step.id) ?? step.id };
}

/** A copy put right behind the original. */
export function duplicateStep(document: AutomationDocument, id: string): Step[] {
  const step = findStep(document.steps, id);
  const slot = slotOf(document.steps, id);
  if (!step || !slot) return document.steps;
  return pasteStep(document, { list: slot.list, index: slot.index + 1 }, step).steps;
}
