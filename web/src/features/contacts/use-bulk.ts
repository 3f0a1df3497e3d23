/** One change for many contacts: those chosen, those the quick filters mean, or everyone who meets a condition. */
import { useState } from 'react';
import { type Edit, type EditAction, useMakeEdit, useUndoEdit } from '@/pickers/bulk-edit/api';
import type { ConditionNode } from '@/pickers/conditions/tree';
import type { Selection } from '@/pickers/export/api';
import type { ContactFilter } from './api';
import { conditionOf } from './model';

export type BulkTarget =
  | { contact_ids: number[] }
  | { filter: ContactFilter }
  | { condition: ConditionNode | null; search: string | undefined };

function selectionOf(target: BulkTarget): Selection {
  if ('contact_ids' in target) return target;
  const { condition, search } =
    'filter' in target ? { condition: conditionOf(target.filter, undefined), search: target.filter.search } : target;
  return { ...(condition && { condition }), ...(search && { search }) };
}

/** `progress` is the share that is done, while it runs. */
export function useBulkOn(target: BulkTarget) {
  const [progress, setProgress] = useState<number | null>(null);
  const look = ({ done, total }: Edit) => setProgress(total > 0 ? done / total : 0);
  const make = useMakeEdit(look);
  const undo = useUndoEdit();
  const run = (action: EditAction, params: Record<string, unknown>) =>
    make.mutateAsync({ action, params, selection: selectionOf(target) }).finally(() => setProgress(null));
  return { run, undo, progress, isPending: make.isPending };
}
