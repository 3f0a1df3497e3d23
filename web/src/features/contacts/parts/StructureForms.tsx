/** The forms of a tag, a list and a field. The server's complaints appear at the inputs they are about. */
import { Button, Group, Select, Stack, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import type { Field, FieldType, List, Tag } from '@/pickers/api';
import {
  useCreateField,
  useCreateList,
  useCreateTag,
  useUpdateField,
  useUpdateList,
  useUpdateTag,
} from '../structure-api';

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
const withOptions: FieldType[] = ['dropdown', 'radio', 'checkbox', 'listbox', 'multiselect'];

/** Puts the server's problems at their inputs, or at the name when they belong to none. */
function showErrors(form: { values: object; setErrors: UseFormReturnType<object>['setErrors'] }, error: unknown) {
  const fields = error instanceof ApiError ? error.fields : {};
  const isKnown = Object.keys(fields).some((name) => name in form.values);
  form.setErrors(isKnown ? fields : { name: messageOf(error) });
}

type FrameProps = { onSubmit: () => void; onClose: () => void; isSaving: boolean; children: ReactNode };

function Frame({ onSubmit, onClose, isSaving, children }: FrameProps) {
  const { t } = useTranslation('contacts');
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack gap="md">
        {children}
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isSaving}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function TagForm({ tag, onClose }: { tag: Tag | null; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const create = useCreateTag();
  const update = useUpdateTag();
  const form = useForm({
    initialValues: { name: tag?.name ?? '', description: tag?.description ?? '' },
    validate: { name: (value) => (value.trim() ? null : t('structure.required')) },
  });
  const after = { onSuccess: onClose, onError: (error: Error) => showErrors(form, error) };
  const save = (values: typeof form.values) =>
    tag ? update.mutate({ id: tag.id, ...values }, after) : create.mutate(values, after);
  return (
    <Frame onSubmit={form.onSubmit(save)} onClose={onClose} isSaving={create.isPending || update.isPending}>
      <TextInput label={t('structure.name')} required data-autofocus {...form.getInputProps('name')} />
      <Textarea label={t('structure.description')} autosize minRows={2} {...form.getInputProps('description')} />
    </Frame>
  );
}

export function ListForm({ list, onClose }: { list: List | null; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const create = useCreateList();
  const update = useUpdateList();
  const form = useForm({
    initialValues: {
      name: list?.name ?? '',
      sender_url: list?.sender_url ?? '',
      sender_reminder: list?.sender_reminder ?? '',
    },
    validate: { name: (value) => (value.trim() ? null : t('structure.required')) },
  });
  const after = { onSuccess: onClose, onError: (error: Error) => showErrors(form, error) };
  const save = (values: typeof form.values) =>
    list ? update.mutate({ id: list.id, ...values }, after) : create.mutate(values, after);
  return (
    <Frame onSubmit={form.onSubmit(save)} onClose={onClose} isSaving={create.isPending || update.isPending}>
      <TextInput label={t('structure.name')} required data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label={t('structure.lists.url')}
        placeholder="https://example.com"
        {...form.getInputProps('sender_url')}
      />
      <Textarea
        label={t('structure.lists.reminder')}
        description={t('structure.lists.reminderHint')}
        autosize
        minRows={2}
        {...form.getInputProps('sender_reminder')}
      />
    </Frame>
  );
}

export function FieldForm({ field, onClose }: { field: Field | null; onClose: () => void }) {
  const { t } = useTranslation('contacts');
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
    <Frame onSubmit={form.onSubmit(save)} onClose={onClose} isSaving={create.isPending || update.isPending}>
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
      {field && (
        <Text size="sm" c="dimmed">
          {t('structure.fields.key')}: <code>%{field.key}%</code>
        </Text>
      )}
    </Frame>
  );
}
