/** Custom fields of deals: made, seen and deleted here. */
import { ActionIcon, Badge, Button, Card, Group, Select, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/pickers/api';
import { dealFieldsQuery } from '@/pickers/deals/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import { useCreateField, useDeleteField } from '../api';

const types = ['text', 'textarea', 'number', 'currency', 'date', 'dropdown', 'checkbox'] as const;
type Type = (typeof types)[number];

export function DealFields({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useTranslation('deals');
  const { data } = useQuery(dealFieldsQuery);
  const remove = useDeleteField();
  const [deleting, setDeleting] = useState<Field | null>(null);
  const fields = data?.items ?? [];
  return (
    <Card padding="md" component="section" aria-label={t('field.heading')}>
      <Title order={2} size="h4" mb={4}>
        {t('field.heading')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('field.hint')}
      </Text>
      {fields.map((field) => (
        <Group key={field.id} justify="space-between" py={6} wrap="nowrap">
          <Group gap="xs">
            <Text size="sm" fw={550}>
              {field.name}
            </Text>
            <Badge variant="light" color="gray">
              {types.some((type) => type === field.type) ? t(`field.types.${field.type as Type}`) : field.type}
            </Badge>
          </Group>
          {mayEdit && (
            <ActionIcon aria-label={t('field.delete', { name: field.name })} onClick={() => setDeleting(field)}>
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {mayEdit && <AddField />}
      <ConfirmDialog
        opened={deleting !== null}
        title={t('field.deleteTitle', { name: deleting?.name ?? '' })}
        action={t('delete')}
        loading={remove.isPending}
        onConfirm={() =>
          deleting && remove.mutate(deleting.id, { onError: toastError, onSettled: () => setDeleting(null) })
        }
        onClose={() => setDeleting(null)}
      >
        {t('field.deleteText')}
      </ConfirmDialog>
    </Card>
  );
}

function AddField() {
  const { t } = useTranslation('deals');
  const create = useCreateField();
  const [name, setName] = useState('');
  const [type, setType] = useState<Type>('text');
  const [options, setOptions] = useState<string[]>([]);
  const takesOptions = type === 'dropdown' || type === 'checkbox';
  const save = () =>
    create.mutate(
      { name, type, options: takesOptions ? options : [] },
      {
        onSuccess: () => {
          setName('');
          setOptions([]);
        },
        onError: toastError,
      },
    );
  return (
    <Group gap="xs" align="flex-end" mt="sm">
      <TextInput
        flex="1 1 180px"
        label={t('field.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        w={150}
        label={t('field.type')}
        data={types.map((value) => ({ value, label: t(`field.types.${value}`) }))}
        allowDeselect={false}
        comboboxProps={{ shadow: 'md' }}
        value={type}
        onChange={(value) => setType(types.find((one) => one === value) ?? 'text')}
      />
      {takesOptions && <TagsInput flex="1 1 220px" label={t('field.options')} value={options} onChange={setOptions} />}
      <Button
        variant="light"
        disabled={!name.trim() || (takesOptions && options.length === 0)}
        loading={create.isPending}
        onClick={save}
      >
        {t('field.add')}
      </Button>
    </Group>
  );
}
