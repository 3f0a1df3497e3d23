/** Rules of the mapping: which column goes where. The server checks the same and has the last word. */
import type { Field, FieldType } from '@/pickers/api';
import type { Import, ImportColumn, Mapping, Progress } from './api';

export const SKIP = 'skip';
export const contactTargets = [
  'email',
  'first_name',
  'last_name',
  'full_name',
  'phone',
  'tags',
  'company',
  'job_title',
  'city',
  'postal_code',
  'region',
  'country',
  'language',
  'time_zone',
] as const;
export const newFieldTypes = [
  'text',
  'textarea',
  'number',
  'currency',
  'date',
  'datetime',
  'dropdown',
  'radio',
  'checkbox',
  'listbox',
  'multiselect',
] as const satisfies FieldType[];

export type NewField = { type: string; name: string };

export const newFieldTarget = (type: string, name: string) => `new_field:${type}:${name}`;

export function parseNewField(target: string): NewField | null {
  const match = /^new_field:([a-z]+):([\s\S]*)$/.exec(target);
  return match ? { type: match[1] ?? 'text', name: match[2] ?? '' } : null;
}

/** The mapping to begin with: what was chosen before, else what the server suggests. */
export function firstMapping(columns: ImportColumn[], saved: Mapping[]): Mapping[] {
  const before = new Map(saved.map((item) => [item.index, item.target]));
  return columns.map(({ index, suggestion }) => ({
    index,
    target: before.get(index) ?? suggestion.target,
  }));
}

export const setTarget = (mapping: Mapping[], index: number, target: string) =>
  mapping.map((item) => (item.index === index ? { ...item, target } : item));

export type MappingProblem = 'noEmail' | 'twice' | 'unnamed' | 'nameTwice' | 'noCompany';

/** What stands in the way of the mapping, by column; -1 is the whole. Tags may come from several columns. */
export function mappingProblems(mapping: Mapping[]): Map<number, MappingProblem> {
  const problems = new Map<number, MappingProblem>();
  const used = new Set<string>();
  for (const { index, target } of mapping) {
    if (target === SKIP) continue;
    if (parseNewField(target)?.name.trim() === '') problems.set(index, 'unnamed');
    const key = target.toLowerCase();
    if (key !== 'tags' && used.has(key)) problems.set(index, 'twice');
    used.add(key);
  }
  const full = mapping.find(({ target }) => target === 'full_name');
  if (full && (used.has('first_name') || used.has('last_name'))) problems.set(full.index, 'nameTwice');
  const job = mapping.find(({ target }) => target === 'job_title');
  if (job && !used.has('company')) problems.set(job.index, 'noCompany');
  if (!used.has('email')) problems.set(-1, 'noEmail');
  return problems;
}

/** The value shown in the select: every new field of a type is one entry. */
export const choiceOf = (target: string) => {
  const made = parseNewField(target);
  return made ? newFieldTarget(made.type, '') : target;
};

export const targetOf = (choice: string, column: ImportColumn) => {
  const made = parseNewField(choice);
  return made ? newFieldTarget(made.type, column.header.trim()) : choice;
};

/** Are there columns whose dates could be read in two ways? */
export function hasDates(mapping: Mapping[], fields: Pick<Field, 'id' | 'type'>[]): boolean {
  const isDate = (type: string | undefined) => type === 'date' || type === 'datetime';
  return mapping.some(
    ({ target }) =>
      isDate(parseNewField(target)?.type) || isDate(fields.find((field) => fieldTarget(field) === target)?.type),
  );
}

export const fieldTarget = (field: Pick<Field, 'id'>) => `field:${field.id}`;

export function shareDone(progress: Progress): number | null {
  if (!progress.rows_total) return null;
  return Math.min(100, (progress.rows_done / progress.rows_total) * 100);
}

/** Of everyone the import touched, how many are back to what they were, or were left alone. */
export function shareUndone({ progress, undone, undo_refused }: Pick<Import, 'progress' | 'undone' | 'undo_refused'>) {
  const touched = progress.created + progress.updated;
  return touched ? Math.min(100, ((undone + undo_refused) / touched) * 100) : null;
}
