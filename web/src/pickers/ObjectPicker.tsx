/**
 * Choose one named object: a tag, a list, a field, a message or an automation.
 * With `onCreate`, a name that does not exist yet can be made on the spot.
 */
import { Select, type SelectProps } from '@mantine/core';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/client';
import { automationNamesQuery, fieldsQuery, listsQuery, messageNamesQuery, type Named, tagsQuery } from './api';

export type PickerKind = 'tag' | 'list' | 'field' | 'message' | 'automation';

type NamesQuery = UseQueryOptions<Page<Named>>;

const queries: Record<PickerKind, unknown> = {
  tag: tagsQuery,
  list: listsQuery,
  field: fieldsQuery,
  message: messageNamesQuery,
  automation: automationNamesQuery,
};

type Props = Omit<SelectProps, 'value' | 'onChange' | 'data'> & {
  kind: PickerKind;
  value: number | null;
  onChange: (id: number | null) => void;
  onCreate?: (name: string) => void;
};

const CREATE = 'create';

export function ObjectPicker({ kind, value, onChange, onCreate, ...rest }: Props) {
  const { t } = useTranslation('pickers');
  const { data, isPending, isError } = useQuery(queries[kind] as NamesQuery);
  const [search, setSearch] = useState('');
  const items = data?.items ?? [];
  const name = search.trim();
  const isNew = name !== '' && !items.some((item) => item.name.toLowerCase() === name.toLowerCase());
  const choices = items.map((item) => ({ value: String(item.id), label: item.name }));
  return (
    <Select
      searchable
      placeholder={isPending ? t('loading') : t(`choose.${kind}`)}
      nothingFoundMessage={t(`none.${kind}`)}
      error={isError ? t('failed') : undefined}
      comboboxProps={{ shadow: 'md' }}
      {...rest}
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
