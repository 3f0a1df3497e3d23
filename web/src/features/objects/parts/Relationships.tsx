/** What records of a schema belong to. */
import { ActionIcon, Button, Card, Checkbox, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { useMay } from '@/api/session';
import type { Namespace, Relationship, Schema } from '@/pickers/records/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import { useDeletePart, useUpdateSchema } from '../api';
import classes from '../objects.module.css';

const namespaces = ['contact', 'company', 'deal', 'record'] as const;

export function Relationships({ schema }: { schema: Schema }) {
  const { t } = useTranslation('objects');
  const remove = useDeletePart(schema.id, 'relationships');
  const [deleted, setDeleted] = useState<Relationship | null>(null);
  const mayEdit = useMay('editor');
  return (
    <Card component="section" padding="md" aria-label={t('relationships.title')}>
      <Title order={2} size="h4" mb="xs">
        {t('relationships.title')}
      </Title>
      {schema.relationships.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('relationships.none')}
        </Text>
      )}
      <ul className={classes.rows}>
        {schema.relationships.map((one) => (
          <li key={one.id}>
            <Text size="sm" fw={550} className={classes.grow} truncate>
              {one.name}
            </Text>
            <Text size="xs" c="dimmed">
              {t(`namespaces.${one.namespace}`, { count: one.has_many ? 2 : 1 })}
            </Text>
            {mayEdit && (
              <ActionIcon aria-label={t('relationships.delete', { name: one.name })} onClick={() => setDeleted(one)}>
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {mayEdit && <AddRelationship schema={schema} />}
      <ConfirmDialog
        opened={deleted !== null}
        title={t('deleteTitle', { name: deleted?.name ?? '' })}
        action={t('relationships.deleteAction')}
        loading={remove.isPending}
        onConfirm={() =>
          deleted && remove.mutate(deleted.id, { onSuccess: () => setDeleted(null), onError: toastError })
        }
        onClose={() => setDeleted(null)}
      >
        {t('relationships.deleteText')}
      </ConfirmDialog>
    </Card>
  );
}

function AddRelationship({ schema }: { schema: Schema }) {
  const { t } = useTranslation('objects');
  const empty = { name: '', namespace: 'contact' as Namespace, has_many: false };
  const [draft, setDraft] = useState(empty);
  const update = useUpdateSchema(schema.id);
  const submit = () =>
    update.mutate({ relationships: [...schema.relationships, draft] }, { onSuccess: () => setDraft(empty) });
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
            label={t('relationships.add')}
            placeholder={t('relationships.hint')}
            autoComplete="off"
            value={draft.name}
            error={update.isError ? messageOf(update.error) : undefined}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
          <Select
            label={t('relationships.namespace')}
            allowDeselect={false}
            comboboxProps={{ shadow: 'md' }}
            data={namespaces.map((one) => ({ value: one, label: t(`namespaces.${one}`, { count: 1 }) }))}
            value={draft.namespace}
            onChange={(next) => next && setDraft({ ...draft, namespace: next as Namespace })}
          />
        </Group>
        <Group justify="space-between">
          <Checkbox
            label={t('relationships.many')}
            checked={draft.has_many}
            onChange={(event) => setDraft({ ...draft, has_many: event.currentTarget.checked })}
          />
          <Button type="submit" variant="default" disabled={!draft.name.trim()} loading={update.isPending}>
            {t('relationships.addAction')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
