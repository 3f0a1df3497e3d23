/** A form made from the JSON schema of a step's or condition's settings. Ids of known things become pickers. */
import { NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldsQuery, type JsonSchema, type ParamsSchema } from './api';
import { ConditionBuilder, type ConditionNode } from './ConditionBuilder';
import { ObjectPicker, type PickerKind } from './ObjectPicker';

type Params = Record<string, unknown>;
type Props = { schema: ParamsSchema; value: Params; onChange: (value: Params) => void };

const pickers: Record<string, PickerKind> = {
  tag_id: 'tag',
  list_id: 'list',
  field_id: 'field',
  message_id: 'message',
  automation_id: 'automation',
};
const words = (name: string) => {
  const text = name.replace(/_id$/, '').replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
const withoutValue = new Set(['is_empty', 'is_not_empty']);

export function SchemaForm({ schema, value, onChange }: Props) {
  const entries = Object.entries(schema.properties ?? {});
  const shown = entries.filter(([name]) => !(name === 'value' && withoutValue.has(String(value.operator))));
  return (
    <Stack gap="sm">
      {shown.map(([name, property]) => (
        <Entry
          key={name}
          name={name}
          schema={property}
          isRequired={schema.required?.includes(name) ?? false}
          value={value[name] ?? property.default}
          siblings={value}
          onChange={(next) => onChange({ ...value, [name]: next })}
        />
      ))}
    </Stack>
  );
}

type EntryProps = {
  name: string;
  schema: JsonSchema;
  isRequired: boolean;
  value: unknown;
  siblings: Params;
  onChange: (value: unknown) => void;
};

function Entry({ name, schema, isRequired, value, siblings, onChange }: EntryProps) {
  const label = words(name);
  const kind = pickers[name];
  const choices = schema.enum ?? schema.anyOf?.find((option) => option.enum)?.enum;
  const types = [schema.type, ...(schema.anyOf ?? []).map((option) => option.type)];
  if (name === 'condition') {
    return <ConditionBuilder value={value as ConditionNode} onChange={onChange} />;
  }
  if (kind) {
    return (
      <ObjectPicker
        kind={kind}
        label={label}
        withAsterisk={isRequired}
        value={typeof value === 'number' ? value : null}
        onChange={onChange}
      />
    );
  }
  if (choices) {
    return (
      <Select
        label={label}
        data={choices.map((choice) => ({ value: String(choice), label: words(String(choice)) }))}
        value={value === undefined || value === null ? null : String(value)}
        onChange={onChange}
        allowDeselect={!isRequired}
        comboboxProps={{ shadow: 'md' }}
      />
    );
  }
  if (types.includes('integer') && !types.includes('string')) {
    return (
      <NumberInput
        label={label}
        min={schema.minimum}
        max={schema.maximum}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : null)}
      />
    );
  }
  return <ValueEntry label={label} value={value} fieldId={siblings.field_id} onChange={onChange} />;
}

type ValueProps = { label: string; value: unknown; fieldId: unknown; onChange: (value: unknown) => void };

/** A value for a custom field: its options where it has some, a number where it is one, else text. */
function ValueEntry({ label, value, fieldId, onChange }: ValueProps) {
  const { t } = useTranslation('pickers');
  const { data } = useQuery({ ...fieldsQuery, enabled: typeof fieldId === 'number' });
  const field = data?.items.find((item) => item.id === fieldId);
  if (field && field.options.length > 0) {
    return (
      <Select
        label={label}
        data={field.options}
        value={typeof value === 'string' ? value : null}
        onChange={onChange}
        comboboxProps={{ shadow: 'md' }}
      />
    );
  }
  if (field && (field.type === 'number' || field.type === 'currency')) {
    return <NumberInput label={label} value={typeof value === 'number' ? value : ''} onChange={onChange} />;
  }
  const isDate = field?.type === 'date' || field?.type === 'datetime';
  return (
    <TextInput
      label={label}
      placeholder={isDate ? t('date') : undefined}
      value={value === undefined || value === null ? '' : String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
