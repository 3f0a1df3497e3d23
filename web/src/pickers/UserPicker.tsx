/** Choose one of the workspace's users. */
import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ownersQuery } from './api';

type Props = Omit<SelectProps, 'value' | 'onChange' | 'data'> & {
  value: number | null;
  onChange: (id: number | null) => void;
};

/** Among the facts of a profile it looks like the values beside it. */
const plain = { wrapper: { '--input-placeholder-color': 'var(--app-text-3)' }, input: { fontSize: 13 } };

export function UserPicker({ value, onChange, ...rest }: Props) {
  const { t } = useTranslation('pickers');
  const { data, isPending, isError } = useQuery(ownersQuery);
  return (
    <Select
      searchable
      clearable
      placeholder={isPending ? t('loading') : t('user.choose')}
      nothingFoundMessage={t('user.none')}
      comboboxProps={{ shadow: 'md' }}
      clearButtonProps={{ 'aria-label': t('user.clear') }}
      styles={rest.variant === 'unstyled' ? plain : undefined}
      {...rest}
      error={isError ? t('failed') : rest.error}
      data={(data?.items ?? []).map((user) => ({ value: String(user.id), label: user.name }))}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
    />
  );
}
