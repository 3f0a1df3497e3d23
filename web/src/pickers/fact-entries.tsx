/** Which fact of the log, and which tag, list or message it is about. */
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { registryQuery } from './api';
import { isPickerKind, ObjectPicker } from './ObjectPicker';
import type { EntryProps } from './SchemaForm';

export function FactEntry({ label, value, isRequired, error, onChange }: EntryProps) {
  const { data: registry } = useQuery(registryQuery);
  const data = (registry?.triggers ?? []).map((fact) => ({ value: fact.type, label: fact.label }));
  return (
    <Select
      searchable
      {...{ label, error, data, onChange }}
      withAsterisk={isRequired}
      allowDeselect={false}
      comboboxProps={{ shadow: 'md' }}
      value={typeof value === 'string' ? value : null}
    />
  );
}

export function FactObjectEntry({ value, siblings, error, onChange }: EntryProps) {
  const { t } = useTranslation('pickers');
  const { data: registry } = useQuery(registryQuery);
  const kind = registry?.triggers.find((fact) => fact.type === siblings.fact)?.picker;
  if (!isPickerKind(kind)) return null;
  return (
    <ObjectPicker
      kind={kind}
      label={t(`kind.${kind}`)}
      placeholder={t(`any.${kind}`)}
      clearable
      clearButtonProps={{ 'aria-label': t('clear') }}
      {...{ error, onChange }}
      value={typeof value === 'number' ? value : null}
    />
  );
}
