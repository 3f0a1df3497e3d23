/** Find one open deal by its title, contact or company. */
import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Named } from '../api';
import { dealSearchQuery } from './api';

type Props = Omit<SelectProps, 'value' | 'onChange' | 'data'> & {
  value: Named | null;
  onChange: (deal: Named | null) => void;
};

export function DealPicker({ value, onChange, ...rest }: Props) {
  const { t } = useTranslation('pickers');
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text === value?.name ? '' : text.trim(), 150);
  const { data, isPending } = useQuery(dealSearchQuery(search));
  const found: Named[] = (data?.items ?? []).map(({ id, title }) => ({ id, name: title }));
  const known = value && !found.some((deal) => deal.id === value.id) ? [value, ...found] : found;
  return (
    <Select
      searchable
      clearable
      filter={({ options }) => options}
      placeholder={t('tasks.anyDeal')}
      nothingFoundMessage={isPending ? t('loading') : t('tasks.noDeal')}
      comboboxProps={{ shadow: 'md' }}
      {...rest}
      data={known.map((deal) => ({ value: String(deal.id), label: deal.name }))}
      value={value === null ? null : String(value.id)}
      searchValue={text}
      onSearchChange={setText}
      onChange={(id) => onChange(known.find((deal) => String(deal.id) === id) ?? null)}
    />
  );
}
