/** Choose one named object: a tag, a list, a field, a message or an automation. */
import { Select, type SelectProps } from '@mantine/core';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
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
};

export function ObjectPicker({ kind, value, onChange, ...rest }: Props) {
  const { t } = useTranslation('pickers');
  const { data, isPending, isError } = useQuery(queries[kind] as NamesQuery);
  return (
    <Select
      searchable
      placeholder={isPending ? t('loading') : t(`choose.${kind}`)}
      nothingFoundMessage={t(`none.${kind}`)}
      error={isError ? t('failed') : undefined}
      comboboxProps={{ shadow: 'md' }}
      {...rest}
      data={(data?.items ?? []).map((item) => ({ value: String(item.id), label: item.name }))}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
    />
  );
}
