/** A value to compare with: what it looks like depends on the field and on the operator beside it. */
import { MultiSelect, NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DateEntry, TextEntry, TextsEntry } from './entries';
import { ObjectPicker, ObjectsPicker } from './ObjectPicker';
import type { EntryProps } from './SchemaForm';
import { isSpan, kindOfOperator, takesMany } from './schema';
import { useField, useValueKind } from './use-words';

const comboboxProps = { shadow: 'md' } as const;

export function ValueEntry(props: EntryProps) {
  const { t } = useTranslation('pickers');
  const { name, value, siblings, hint, error, onChange } = props;
  const field = useField(siblings);
  const kind = useValueKind(siblings) ?? kindOfOperator(siblings.operator) ?? hint;
  const { operator } = siblings;
  const label = name === 'value_to' ? t('to') : operator === 'between' ? t('from') : props.label;
  if (isSpan(operator)) return <Days {...props} />;
  if (siblings.attribute === 'owner_id') return <OwnerValue {...props} />;
  if (field && field.options.length > 0) {
    const common = { label, error, comboboxProps, data: field.options, searchable: field.options.length > 8 };
    if (!takesMany(operator)) {
      return <Select {...common} value={typeof value === 'string' ? value : null} onChange={onChange} />;
    }
    return <MultiSelect {...common} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} />;
  }
  if (takesMany(operator)) return <TextsEntry {...props} />;
  if (kind === 'date') return <DateEntry {...props} label={label} />;
  if (kind !== 'number') return <TextEntry {...props} label={label} />;
  const set = (next: string | number) => onChange(typeof next === 'number' ? next : null);
  return <NumberInput {...{ label, error }} value={typeof value === 'number' ? value : ''} onChange={set} />;
}

function Days({ value, error, onChange }: EntryProps) {
  const { t } = useTranslation('pickers');
  return (
    <NumberInput
      label={t('days')}
      min={0}
      allowDecimal={false}
      error={error}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  );
}

function OwnerValue({ label, value, siblings, error, onChange }: EntryProps) {
  if (takesMany(siblings.operator)) {
    return (
      <ObjectsPicker
        kind="user"
        {...{ label, error, onChange }}
        value={Array.isArray(value) ? value.map(Number) : []}
      />
    );
  }
  return <ObjectPicker kind="user" {...{ label, error, onChange }} value={typeof value === 'number' ? value : null} />;
}
