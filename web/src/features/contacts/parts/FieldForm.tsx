/** The form of a custom field. */
import { Select, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Field, FieldType } from '@/pickers/api';
import { ObjectsPicker } from '@/pickers/ObjectPicker';
import { groupsQuery, useCreateField, useUpdateField } from '../structure-api';
import { FormFrame, showErrors } from './FormFrame';

const fieldTypes: FieldType[] = [
  'text',
  'textarea',
  'number',
  'currency',
  'date',
  'datetime',
  'dropdown',
  'radio',
  'checkbox',
  'listbox',
  'multiselect',
  'hidden',
];
/** Dates are always looked up, long texts never. */
const fixedIndex: FieldType[] = ['date', 'datetime', 'textarea'];
const withOptions: FieldType[] = ['dropdown', 'radio', 'checkbox', 'listbox', 'multiselect'];

export function FieldForm({ field, onClose }: { field: Field | null; onClose: () => void }) {
  const { t } = useTranslation(['contacts', 'privacy']);
  const groups = useQuery(groupsQuery);
  const create = useCreateField();
  const update = useUpdateField();
  const form = useForm({
    initialValues: {
      name: field?.name ?? '',
      type: field?.type ?? ('text' as FieldType),
      options: field?.options ?? [],
      default_value: typeof field?.default_value === 'string' ? field.default_value : '',
      is_required: field?.is_required ?? false,
      is_visible: field?.is_visible ?? true,
      is_indexed: field?.is_indexed ?? false,
      is_self_service: field?.is_self_service ?? false,
      group_id: field?.group_id ?? null,
      list_ids: field?.list_ids ?? [],
    },
    validate: {
      name: (value) => (value.trim() ? null : t('structure.required')),
      options: (value, values) =>
        withOptions.includes(values.type) && value.length === 0 ? t('structure.fields.optionsRequired') : null,
    },
  });
  const hasOptions = withOptions.includes(form.values.type);
  const after = { onSuccess: onClose, onError: (error: Error) => showErrors(form, error) };
  const save = ({ type, options, ...values }: typeof form.values) => {
    const body = { ...values, default_value: values.default_value || null, ...(hasOptions ? { options } : {}) };
    if (field) update.mutate({ id: field.id, ...body }, after);
    else create.mutate({ ...body, type }, after);
  };
  return (
    <FormFrame onSubmit={form.onSubmit(save)} onClose={onClose} isSaving={create.isPending || update.isPending}>
      <TextInput label={t('structure.name')} required data-autofocus {...form.getInputProps('name')} />
      <Select
        label={t('structure.fields.type')}
        description={field ? t('structure.fields.typeFixed') : undefined}
        disabled={field !== null}
        allowDeselect={false}
        data={fieldTypes.map((type) => ({ value: type, label: t(`structure.types.${type}`) }))}
        {...form.getInputProps('type')}
      />
      {hasOptions && (
        <TagsInput
          label={t('structure.fields.options')}
          description={t('structure.fields.optionsHint')}
          {...form.getInputProps('options')}
        />
      )}
      <TextInput label={t('structure.fields.default')} {...form.getInputProps('default_value')} />
      <Switch label={t('structure.fields.isRequired')} {...form.getInputProps('is_required', { type: 'checkbox' })} />
      <Switch label={t('structure.fields.isVisible')} {...form.getInputProps('is_visible', { type: 'checkbox' })} />
      {form.values.type !== 'hidden' && (
        <Switch
          label={t('structure.fields.isSelfService')}
          description={t('structure.fields.isSelfServiceHint')}
          {...form.getInputProps('is_self_service', { type: 'checkbox' })}
        />
      )}
      {!fixedIndex.includes(form.values.type) && (
        <Switch
          label={t('structure.fields.isIndexed')}
          description={t('structure.fields.isIndexedHint')}
          {...form.getInputProps('is_indexed', { type: 'checkbox' })}
        />
      )}
      {groups.data && groups.data.items.length > 0 && (
        <Select
          label={t('fields.group', { ns: 'privacy' })}
          placeholder={t('fields.none', { ns: 'privacy' })}
          clearable
          clearButtonProps={{ 'aria-label': t('fields.none', { ns: 'privacy' }) }}
          data={groups.data.items.map((group) => ({ value: String(group.id), label: group.name }))}
          value={form.values.group_id === null ? null : String(form.values.group_id)}
          onChange={(id) => form.setFieldValue('group_id', id === null ? null : Number(id))}
        />
      )}
      <ObjectsPicker
        kind="list"
        label={t('fields.lists', { ns: 'privacy' })}
        description={t('fields.listsHint', { ns: 'privacy' })}
        value={form.values.list_ids}
        onChange={(ids) => form.setFieldValue('list_ids', ids)}
      />
      {field && (
        <Text size="sm" c="dimmed">
          {t('structure.fields.key')}: <code>%{field.key}%</code>
        </Text>
      )}
    </FormFrame>
  );
}
