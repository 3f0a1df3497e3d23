/** The input for one value, by the type of its field. */
import { MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import type { FieldType, FieldValue } from './api';

type Props = {
  label: string;
  type: FieldType | 'email' | 'phone';
  options: string[];
  value: FieldValue;
  onChange: (value: FieldValue) => void;
  onSave: (value: FieldValue) => void;
  onCancel: () => void;
};

const inputTypes: Partial<Record<Props['type'], string>> = {
  date: 'date',
  datetime: 'datetime-local',
  email: 'email',
  phone: 'tel',
};

export function ValueInput({ label, type, options, value, onChange, onSave, onCancel }: Props) {
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onCancel();
    } else if (event.key === 'Enter' && type !== 'textarea') {
      onSave(value);
    }
  };
  const common = { 'aria-label': label, size: 'xs', autoFocus: true } as const;
  const text = value === null || Array.isArray(value) ? '' : String(value);

  if (type === 'dropdown' || type === 'radio') {
    return (
      <Select
        {...common}
        data={options}
        clearable
        defaultDropdownOpened
        value={text || null}
        onChange={(next) => onSave(next)}
        onKeyDown={(event) => event.key === 'Escape' && onCancel()}
        onBlur={onCancel}
      />
    );
  }
  if (type === 'multiselect' || type === 'checkbox' || type === 'listbox') {
    return (
      <MultiSelect
        {...common}
        data={options}
        defaultDropdownOpened
        value={Array.isArray(value) ? value : text ? [text] : []}
        onChange={onChange}
        onBlur={() => onSave(value)}
        onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      />
    );
  }
  if (type === 'number' || type === 'currency') {
    return (
      <NumberInput
        {...common}
        hideControls
        value={value === null || Array.isArray(value) ? '' : value}
        onChange={(next) => onChange(next === '' ? null : next)}
        onBlur={() => onSave(value)}
        onKeyDown={keys}
      />
    );
  }
  if (type === 'textarea') {
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value || null)}
        onBlur={() => onSave(value)}
        onKeyDown={keys}
      />
    );
  }
  return (
    <TextInput
      {...common}
      type={inputTypes[type] ?? 'text'}
      value={type === 'datetime' ? text.slice(0, 16) : text}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      onBlur={() => onSave(value)}
      onKeyDown={keys}
    />
  );
}
