/** A labelled input for a record's field, by its type. */
import { MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import type { FieldValue } from '../api';
import type { RecordField } from './api';

type Props = {
  field: RecordField;
  value: FieldValue;
  error?: string;
  onChange: (value: FieldValue) => void;
};

const inputTypes: Partial<Record<RecordField['type'], string>> = { date: 'date', datetime: 'datetime-local' };
const comboboxProps = { shadow: 'md' } as const;

export function FieldInput({ field, value, error, onChange }: Props) {
  const common = { label: field.name, withAsterisk: field.is_required, error };
  const text = value === null || Array.isArray(value) ? '' : String(value);
  switch (field.type) {
    case 'dropdown':
    case 'radio':
      return (
        <Select
          {...common}
          clearable={!field.is_required}
          comboboxProps={comboboxProps}
          data={field.options}
          value={text || null}
          onChange={onChange}
        />
      );
    case 'multiselect':
    case 'checkbox':
    case 'listbox':
      return (
        <MultiSelect
          {...common}
          comboboxProps={comboboxProps}
          data={field.options}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
        />
      );
    case 'number':
    case 'currency':
      return (
        <NumberInput
          {...common}
          hideControls
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(next === '' ? null : next)}
        />
      );
    case 'textarea':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={8}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          type={inputTypes[field.type] ?? 'text'}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      );
  }
}
