/** A value to compare with: what it looks like depends on the field and on the operator beside it. */
import { MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { DateEntry, TextEntry, TextsEntry } from './entries';
import type { EntryProps } from './SchemaForm';
import { useField, useValueKind } from './use-words';

const comboboxProps = { shadow: 'md' } as const;

export function ValueEntry(props: EntryProps) {
  const { t } = useTranslation('pickers');
  const { value, label, siblings, error, onChange } = props;
  const field = useField(siblings);
  const kind = useValueKind(siblings);
  const operator = String(siblings.operator ?? '');
  const takesMany = /any|all|none|one_of/.test(operator) || operator === 'in' || operator === 'not_in';
  if (/_(days|hours|weeks|months|minutes)(_|$)/.test(operator)) return <Amount {...props} />;
  if (/between/.test(operator)) return <Between {...props} isDate={kind === 'date'} />;
  if (field && field.options.length > 0) {
    const common = { label, error, comboboxProps, data: field.options, searchable: field.options.length > 8 };
    if (takesMany || Array.isArray(value)) {
      const chosen = Array.isArray(value) ? value.map(String) : value ? [String(value)] : [];
      return <MultiSelect {...common} value={chosen} onChange={onChange} />;
    }
    return <Select {...common} value={typeof value === 'string' ? value : null} onChange={onChange} />;
  }
  if (takesMany) return <TextsEntry {...props} />;
  if (kind === 'number') {
    const set = (next: string | number) => onChange(typeof next === 'number' ? next : null);
    return <NumberInput {...{ label, error }} value={typeof value === 'number' ? value : ''} onChange={set} />;
  }
  if (kind === 'date') return <DateEntry {...props} />;
  return siblings.field_id === undefined && siblings.attribute === undefined && siblings.operator === undefined ? (
    <TextInput
      {...{ label, error }}
      placeholder={t('anyValue')}
      value={value === undefined || value === null ? '' : String(value)}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  ) : (
    <TextEntry {...props} />
  );
}

/** So many days, hours or weeks. */
function Amount({ value, siblings, error, onChange }: EntryProps) {
  const { t } = useTranslation('pickers');
  const unit = /hours|weeks|months|minutes/.exec(String(siblings.operator))?.[0] ?? 'days';
  return (
    <NumberInput
      label={t(`units.${unit as 'days'}`)}
      min={0}
      allowDecimal={false}
      error={error}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  );
}

function Between({ value, error, isDate, onChange }: EntryProps & { isDate: boolean }) {
  const { t } = useTranslation('pickers');
  const ends = Array.isArray(value) ? value : [null, null];
  const set = (index: number, next: string) => {
    const end = next === '' ? null : isDate ? next : Number(next);
    onChange(ends.map((old, at) => (at === index ? end : old)));
  };
  return (['from', 'to'] as const).map((end, index) => (
    <TextInput
      key={end}
      type={isDate ? 'date' : 'number'}
      label={t(end)}
      error={index === 0 ? error : undefined}
      value={ends[index] === null || ends[index] === undefined ? '' : String(ends[index])}
      onChange={(event) => set(index, event.currentTarget.value)}
    />
  ));
}
