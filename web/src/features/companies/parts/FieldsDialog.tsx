/** The custom fields that every company has: made, renamed and deleted in one small dialog. */
import { ActionIcon, Button, Group, Modal, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import type { Field, FieldType } from '@/pickers/api';
import { EditableValue } from '@/pickers/EditableValue';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { companyFieldsQuery, useCreateField, useDeleteField, useUpdateField } from '../api';
import classes from '../companies.module.css';

const types = [
  'text',
  'textarea',
  'number',
  'currency',
  'date',
  'datetime',
  'dropdown',
  'multiselect',
] as const satisfies FieldType[];
const withOptions: FieldType[] = ['dropdown', 'multiselect'];

export function FieldsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('companies');
  const query = useQuery({ ...companyFieldsQuery, enabled: opened });
  const [deleted, setDeleted] = useState<Field | null>(null);
  const update = useUpdateField();
  const remove = useDeleteField();
  const fields = query.data?.items ?? [];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('companyFields.title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {query.isPending ? (
        <LoadingRows count={3} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Stack gap="md">
          {fields.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('companyFields.none')}
            </Text>
          )}
          <ul className={classes.fields}>
            {fields.map((field) => (
              <li key={field.id}>
                <div style={{ flex: 1, minWidth: 0 }}>
                  <EditableValue
                    label={t('companyFields.name')}
                    value={field.name}
                    onSave={(name) =>
                      update.mutate({ id: field.id, name: String(name ?? '') }, { onError: toastError })
                    }
                  />
                </div>
                <Text size="xs" c="dimmed">
                  {t(`types.${field.type}`)}
                </Text>
                <ActionIcon
                  aria-label={t('companyFields.delete', { name: field.name })}
                  onClick={() => setDeleted(field)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </li>
            ))}
          </ul>
          <AddField />
        </Stack>
      )}
      <ConfirmDialog
        opened={deleted !== null}
        title={t('companyFields.deleteTitle', { name: deleted?.name ?? '' })}
        action={t('companyFields.deleteAction')}
        loading={remove.isPending}
        onConfirm={() =>
          deleted && remove.mutate(deleted.id, { onSuccess: () => setDeleted(null), onError: toastError })
        }
        onClose={() => setDeleted(null)}
      >
        {t('companyFields.deleteText')}
      </ConfirmDialog>
    </Modal>
  );
}

function AddField() {
  const { t } = useTranslation('companies');
  const [name, setName] = useState('');
  const [type, setType] = useState<FieldType>('text');
  const [options, setOptions] = useState<string[]>([]);
  const create = useCreateField();
  const hasOptions = withOptions.includes(type);
  const submit = () =>
    create.mutate(
      { name, type, ...(hasOptions ? { options } : {}) },
      {
        onSuccess: () => {
          setName('');
          setOptions([]);
        },
      },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) submit();
      }}
    >
      <Stack gap="xs">
        <Group gap="xs" align="flex-start" grow>
          <TextInput
            label={t('companyFields.add')}
            value={name}
            error={create.isError ? messageOf(create.error) : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t('companyFields.type')}
            allowDeselect={false}
            data={types.map((one) => ({ value: one, label: t(`types.${one}`) }))}
            value={type}
            onChange={(next) => next && setType(next)}
          />
        </Group>
        {hasOptions && <TagsInput label={t('companyFields.options')} value={options} onChange={setOptions} />}
        <Group justify="flex-end">
          <Button
            type="submit"
            disabled={!name.trim() || (hasOptions && options.length === 0)}
            loading={create.isPending}
          >
            {t('companyFields.addAction')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
