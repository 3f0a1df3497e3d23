/** The fields of a schema: made, renamed and deleted in place. */
import {
  ActionIcon,
  Badge,
  Button,
  Card,
  Checkbox,
  Group,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { useMay } from '@/api/session';
import type { FieldType } from '@/pickers/api';
import { EditableValue } from '@/pickers/EditableValue';
import type { RecordField, Schema } from '@/pickers/records/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import { useDeletePart, useUpdateSchema } from '../api';
import classes from '../objects.module.css';

const types = ['text', 'textarea', 'number', 'currency', 'date', 'datetime', 'dropdown', 'multiselect'] as const;

export function Fields({ schema }: { schema: Schema }) {
  const { t } = useTranslation('objects');
  const update = useUpdateSchema(schema.id);
  const remove = useDeletePart(schema.id, 'fields');
  const [deleted, setDeleted] = useState<RecordField | null>(null);
  const mayEdit = useMay('editor');
  // Everything is sent, so that the order stays.
  const rename = (id: string, name: string) =>
    update.mutate(
      { fields: schema.fields.map((field) => (field.id === id ? { ...field, name } : field)) },
      { onError: toastError },
    );
  return (
    <Card component="section" padding="md" aria-label={t('fields.title')}>
      <Title order={2} size="h4" mb="xs">
        {t('fields.title')}
      </Title>
      {schema.fields.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('fields.none')}
        </Text>
      )}
      <ul className={classes.rows}>
        {schema.fields.map((field) => (
          <li key={field.id}>
            <div className={classes.grow}>
              <EditableValue
                label={t('fields.name')}
                value={field.name}
                isReadOnly={!mayEdit}
                onSave={(name) => rename(field.id, String(name ?? ''))}
              />
            </div>
            {field.is_required && <Badge variant="light">{t('fields.required')}</Badge>}
            <Text size="xs" c="dimmed">
              {t(`types.${field.type}`)}
            </Text>
            {mayEdit && (
              <ActionIcon aria-label={t('fields.delete', { name: field.name })} onClick={() => setDeleted(field)}>
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {mayEdit && <AddField schema={schema} />}
      <ConfirmDialog
        opened={deleted !== null}
        title={t('deleteTitle', { name: deleted?.name ?? '' })}
        action={t('fields.deleteAction')}
        loading={remove.isPending}
        onConfirm={() =>
          deleted && remove.mutate(deleted.id, { onSuccess: () => setDeleted(null), onError: toastError })
        }
        onClose={() => setDeleted(null)}
      >
        {t('fields.deleteText')}
      </ConfirmDialog>
    </Card>
  );
}

function AddField({ schema }: { schema: Schema }) {
  const { t } = useTranslation('objects');
  const empty = { name: '', type: 'text' as FieldType, options: [] as string[], is_required: false };
  const [draft, setDraft] = useState(empty);
  const update = useUpdateSchema(schema.id);
  const hasOptions = draft.type === 'dropdown' || draft.type === 'multiselect';
  const submit = () =>
    update.mutate(
      { fields: [...schema.fields, { ...draft, options: hasOptions ? draft.options : [] }] },
      { onSuccess: () => setDraft(empty) },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.name.trim()) submit();
      }}
    >
      <Stack gap="xs" mt="sm">
        <Group gap="xs" align="flex-start" grow>
          <TextInput
            label={t('fields.add')}
            autoComplete="off"
            value={draft.name}
            error={update.isError ? messageOf(update.error) : undefined}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
          <Select
            label={t('fields.type')}
            allowDeselect={false}
            comboboxProps={{ shadow: 'md' }}
            data={types.map((one) => ({ value: one, label: t(`types.${one}`) }))}
            value={draft.type}
            onChange={(type) => type && setDraft({ ...draft, type: type as FieldType })}
          />
        </Group>
        {hasOptions && (
          <TagsInput
            label={t('fields.options')}
            description={t('fields.optionsHint')}
            value={draft.options}
            onChange={(options) => setDraft({ ...draft, options })}
          />
        )}
        <Group justify="space-between">
          <Checkbox
            label={t('fields.isRequired')}
            checked={draft.is_required}
            onChange={(event) => setDraft({ ...draft, is_required: event.currentTarget.checked })}
          />
          <Button
            type="submit"
            variant="default"
            disabled={!draft.name.trim() || (hasOptions && draft.options.length === 0)}
            loading={update.isPending}
          >
            {t('fields.addAction')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
