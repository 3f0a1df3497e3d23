/**
 * Choose a named object, or several: tags, lists, fields, messages, automations, segments, owners, companies, custom objects.
 * With `onCreate`, a name that does not exist yet can be made on the spot.
 */
import { MultiSelect, type MultiSelectProps, Select, type SelectProps } from '@mantine/core';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import {
  automationNamesQuery,
  companyFieldsQuery,
  companyNamesQuery,
  fieldsQuery,
  listsQuery,
  messageNamesQuery,
  type Named,
  ownersQuery,
  segmentNamesQuery,
  tagsQuery,
} from './api';
import { dealFieldsQuery, pipelineNamesQuery, stageNamesQuery } from './deals/api';
import { schemaNamesQuery } from './records/api';
import { scoresQuery } from './scores/api';

export type PickerKind =
  | 'tag'
  | 'list'
  | 'field'
  | 'message'
  | 'automation'
  | 'segment'
  | 'user'
  | 'company'
  | 'company_field'
  | 'schema'
  | 'pipeline'
  | 'stage'
  | 'deal_field'
  | 'score';

type NamesQuery = UseQueryOptions<Page<Named>>;

const queries: Record<PickerKind, unknown> = {
  tag: tagsQuery,
  list: listsQuery,
  field: fieldsQuery,
  message: messageNamesQuery,
  automation: automationNamesQuery,
  segment: segmentNamesQuery,
  user: ownersQuery,
  company: companyNamesQuery,
  company_field: companyFieldsQuery,
  schema: schemaNamesQuery,
  pipeline: pipelineNamesQuery,
  stage: stageNamesQuery,
  deal_field: dealFieldsQuery,
  score: scoresQuery,
};

export const isPickerKind = (kind: string | null | undefined): kind is PickerKind => !!kind && kind in queries;

export const namesQuery = (kind: PickerKind) => queries[kind] as NamesQuery;

/** Labels stay apart even where two things have the same name. */
function choicesOf(items: Named[]): { value: string; label: string }[] {
  const seen = new Set<string>();
  return items.map((item) => {
    const label = seen.has(item.name) ? `${item.name} (${item.id})` : item.name;
    seen.add(item.name);
    return { value: String(item.id), label };
  });
}

type Props = Omit<SelectProps, 'value' | 'onChange' | 'data'> & {
  kind: PickerKind;
  value: number | null;
  onChange: (id: number | null) => void;
  onCreate?: (name: string) => void;
};

const CREATE = 'create';
const SHOWN = 100;

export function ObjectPicker({ kind, value, onChange, onCreate, ...rest }: Props) {
  const { t } = useTranslation('pickers');
  const { data, isPending, isError } = useQuery(namesQuery(kind));
  const [search, setSearch] = useState('');
  const items = data?.items ?? [];
  const name = search.trim();
  const isNew = name !== '' && !items.some((item) => item.name.toLowerCase() === name.toLowerCase());
  const choices = choicesOf(items);
  return (
    <Select
      searchable
      limit={SHOWN}
      placeholder={isPending ? t('loading') : t(`choose.${kind}`)}
      nothingFoundMessage={t(`none.${kind}`)}
      comboboxProps={{ shadow: 'md' }}
      {...rest}
      error={isError ? t('failed') : rest.error}
      data={onCreate && isNew ? [...choices, { value: CREATE, label: t('create', { name }) }] : choices}
      value={value === null ? null : String(value)}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(id) => {
        if (id === CREATE) onCreate?.(name);
        else onChange(id === null ? null : Number(id));
      }}
    />
  );
}

type ManyProps = Omit<MultiSelectProps, 'value' | 'onChange' | 'data'> & {
  kind: PickerKind;
  value: number[];
  onChange: (ids: number[]) => void;
};

export function ObjectsPicker({ kind, value, onChange, ...rest }: ManyProps) {
  const { t } = useTranslation('pickers');
  const { data, isPending, isError } = useQuery(namesQuery(kind));
  return (
    <MultiSelect
      searchable
      limit={SHOWN}
      placeholder={value.length > 0 ? undefined : isPending ? t('loading') : t(`choose.${kind}`)}
      nothingFoundMessage={t(`none.${kind}`)}
      comboboxProps={{ shadow: 'md' }}
      {...rest}
      error={isError ? t('failed') : rest.error}
      data={choicesOf(data?.items ?? [])}
      value={value.map(String)}
      onChange={(ids) => onChange(ids.map(Number))}
    />
  );
}
