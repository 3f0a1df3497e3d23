/** Words for what stands in a condition: names of parameters, operators, choices, and of the things ids mean. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { companyFieldsQuery, type Field, fieldsQuery, type Named } from './api';
import { namesQuery, type PickerKind } from './ObjectPicker';
import { useRecordSchema } from './record-entries';
import { type ValueKind, words } from './schema';

type Params = Record<string, unknown>;

export function useWords() {
  const { t, i18n } = useTranslation('pickers');
  const known = useCallback(
    (key: string, fallback: string) => (i18n.exists(`pickers:${key}`) ? t(key as 'loading') : fallback),
    [t, i18n],
  );
  return {
    /** What a kind of condition needs to be told beyond its label. */
    hintOf: (type: string) => known(`hint.${type}`, ''),
    labelOf: (name: string) => known(`param.${name}`, words(name)),
    /** Dates are "before" and numbers "less"; some operators are read differently for them. */
    choiceOf: (choice: string, kind: ValueKind | null) =>
      known(`choice.${choice}_${kind}`, known(`choice.${choice}`, words(choice))),
  };
}

type AnyField = Pick<Field, 'type' | 'options'>;

export function useField(params: Params): AnyField | undefined {
  const { field_id, company_field_id } = params;
  const fields = useQuery({ ...fieldsQuery, enabled: typeof field_id === 'number' });
  const others = useQuery({ ...companyFieldsQuery, enabled: typeof company_field_id === 'number' });
  const record = useRecordSchema()?.fields.find((item) => item.id === field_id);
  return (
    record ??
    fields.data?.items.find((item) => item.id === field_id) ??
    others.data?.items.find((item) => item.id === company_field_id)
  );
}

export function kindOfField(field: AnyField): ValueKind {
  if (['checkbox', 'listbox', 'multiselect'].includes(field.type)) return 'choices';
  if (field.options.length > 0) return 'choice';
  if (field.type === 'number' || field.type === 'currency') return 'number';
  return field.type === 'date' || field.type === 'datetime' ? 'date' : 'text';
}

/** What kind of value is compared; null when nothing says so. */
export function useValueKind(params: Params): ValueKind | null {
  const field = useField(params);
  if (field) return kindOfField(field);
  if (typeof params.attribute !== 'string') return null;
  if (params.attribute === 'owner_id') return 'choice';
  return params.attribute.endsWith('_at') ? 'date' : 'text';
}

const kinds: PickerKind[] = [
  'tag',
  'list',
  'field',
  'message',
  'automation',
  'segment',
  'user',
  'company',
  'company_field',
  'schema',
  'pipeline',
  'stage',
  'deal_field',
  'score',
];
export type NameOf = (kind: PickerKind, id: number) => string | null;

/** Names by id; only the kinds asked for are loaded. */
export function useNames(wanted: ReadonlySet<PickerKind>): NameOf {
  const found = useQueries({
    queries: kinds.map((kind) => ({ ...namesQuery(kind), enabled: wanted.has(kind) })),
    combine: (answers) =>
      new Map<PickerKind, Named[]>(kinds.map((kind, index) => [kind, answers[index]?.data?.items ?? []])),
  });
  return (kind, id) => found.get(kind)?.find((item) => item.id === id)?.name ?? null;
}
