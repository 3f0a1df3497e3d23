/** The plain inputs of a form made from a schema. */
import { MultiSelect, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ObjectPicker, ObjectsPicker } from './ObjectPicker';
import type { EntryProps } from './SchemaForm';
import { operatorsFor, type Shape } from './schema';
import { useValueKind, useWords } from './use-words';

type Of<Kind extends Shape['kind']> = EntryProps & { shape: Extract<Shape, { kind: Kind }> };

const comboboxProps = { shadow: 'md' } as const;
const listOf = <T,>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);

export function PickerEntry({ shape, value, label, isRequired, error, onChange }: Of<'picker'>) {
  const { t } = useTranslation('pickers');
  const placeholder = isRequired ? undefined : t(`any.${shape.picker}`);
  const common = { kind: shape.picker, label, error, withAsterisk: isRequired, ...(placeholder && { placeholder }) };
  if (shape.isMany) return <ObjectsPicker {...common} value={listOf<number>(value)} onChange={onChange} />;
  return (
    <ObjectPicker
      {...common}
      clearable={!isRequired}
      clearButtonProps={{ 'aria-label': t('clear') }}
      value={typeof value === 'number' ? value : null}
      onChange={onChange}
    />
  );
}

export function ChoiceEntry({ shape, name, value, label, isRequired, siblings, hint, error, onChange }: Of<'choice'>) {
  const { choiceOf } = useWords();
  const kind = useValueKind(siblings) ?? hint;
  const choices = name === 'operator' ? operatorsFor(shape.choices, kind, value) : shape.choices;
  const data = choices.map((choice) => ({
    value: choice,
    label: choiceOf(shape.isNumeric ? `${name}_${choice}` : choice, kind),
  }));
  if (shape.isMany) {
    return (
      <MultiSelect
        {...{ label, error, data, comboboxProps }}
        withAsterisk={isRequired}
        value={listOf<unknown>(value).map(String)}
        onChange={(next) => onChange(shape.isNumeric ? next.map(Number) : next)}
      />
    );
  }
  return (
    <Select
      {...{ label, error, data, comboboxProps }}
      withAsterisk={isRequired}
      searchable={data.length > 12}
      value={value === undefined || value === null ? null : String(value)}
      onChange={onChange}
      allowDeselect={!isRequired && name !== 'operator'}
    />
  );
}

export function NumberEntry({ shape, value, label, isRequired, error, onChange }: Of<'number'>) {
  return (
    <NumberInput
      {...{ label, error, min: shape.min, max: shape.max }}
      withAsterisk={isRequired}
      allowDecimal={!shape.isWhole}
      value={typeof value === 'number' ? value : ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  );
}

export function FlagEntry({ value, label, error, onChange }: EntryProps) {
  return (
    <Switch
      {...{ label, error }}
      pt={6}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

export function DateEntry({ value, label, isRequired, error, onChange }: EntryProps) {
  return (
    <TextInput
      {...{ label, error }}
      type="date"
      withAsterisk={isRequired}
      value={typeof value === 'string' ? value.slice(0, 10) : ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

export function TimeEntry({ value, label, isRequired, error, onChange }: EntryProps) {
  return (
    <TextInput
      {...{ label, error }}
      type="time"
      withAsterisk={isRequired}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export function TextsEntry({ value, label, isRequired, error, onChange }: EntryProps) {
  return (
    <TagsInput {...{ label, error }} withAsterisk={isRequired} value={listOf<string>(value)} onChange={onChange} />
  );
}

export function TextEntry({ value, label, isRequired, error, onChange }: EntryProps) {
  return (
    <TextInput
      {...{ label, error }}
      withAsterisk={isRequired}
      value={value === undefined || value === null ? '' : String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
