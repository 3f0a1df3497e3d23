/** Find a company by name or domain; with `onCreate` one that does not exist yet is made by its name. */
import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Named } from './api';
import { companySearchQuery } from './people';

type Props = Omit<SelectProps, 'value' | 'onChange' | 'data'> & {
  value: Named | null;
  onChange: (company: Named | null) => void;
  onCreate?: (name: string) => void;
};

const CREATE = 'create';

export function CompanyPicker({ value, onChange, onCreate, ...rest }: Props) {
  const { t } = useTranslation('pickers');
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text === value?.name ? '' : text.trim(), 150);
  const { data, isPending, isError } = useQuery(companySearchQuery(search));
  const found: Named[] = data?.items ?? [];
  const known = value && !found.some((company) => company.id === value.id) ? [value, ...found] : found;
  const choices = known.map((company) => ({ value: String(company.id), label: company.name }));
  const isNew = search !== '' && !found.some((company) => company.name.toLowerCase() === search.toLowerCase());
  return (
    <Select
      searchable
      filter={({ options }) => options}
      placeholder={t('company.choose')}
      nothingFoundMessage={isPending ? t('loading') : t('company.none')}
      comboboxProps={{ shadow: 'md' }}
      {...rest}
      error={isError ? t('failed') : rest.error}
      data={onCreate && isNew ? [...choices, { value: CREATE, label: t('create', { name: search }) }] : choices}
      value={value === null ? null : String(value.id)}
      searchValue={text}
      onSearchChange={setText}
      onChange={(id) => {
        if (id === CREATE) onCreate?.(search);
        else onChange(known.find((company) => String(company.id) === id) ?? null);
      }}
    />
  );
}
