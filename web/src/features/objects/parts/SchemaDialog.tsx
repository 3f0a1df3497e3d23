/** A new object: its names, and whether its records belong to contacts or companies. */
import { Button, Checkbox, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import { type RelationshipInput, useCreateSchema } from '../api';

export function SchemaDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('objects');
  return (
    <Modal opened={opened} onClose={onClose} title={t('add')} closeButtonProps={{ 'aria-label': t('close') }}>
      {opened && <SchemaForm onClose={onClose} />}
    </Modal>
  );
}

function SchemaForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('objects');
  const navigate = useNavigate();
  const create = useCreateSchema();
  const needed = (value: string) => (value.trim() ? null : t('required'));
  const form = useForm({
    initialValues: { singular: '', plural: '', description: '', ofContact: true, ofCompany: false },
    validate: { singular: needed, plural: needed },
  });
  const submit = ({ ofContact, ofCompany, ...names }: typeof form.values) => {
    const one = (name: string, namespace: 'contact' | 'company'): RelationshipInput => ({
      name,
      namespace,
      has_many: false,
    });
    const relationships = [
      ...(ofContact ? [one(t('contact'), 'contact')] : []),
      ...(ofCompany ? [one(t('company'), 'company')] : []),
    ];
    create.mutate(
      { ...names, relationships, fields: [{ name: t('nameField') }] },
      {
        onSuccess: (schema) => {
          onClose();
          void navigate({ to: '/objects/$id', params: { id: String(schema.id) }, search: { tab: 'structure' } });
        },
        onError: (error) => {
          const found = error instanceof ApiError ? error.fields : {};
          form.setErrors(found.slug ? { plural: found.slug } : { singular: messageOf(error), ...found });
        },
      },
    );
  };
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md">
        <Group grow align="flex-start">
          <TextInput
            label={t('singular')}
            placeholder={t('singularHint')}
            required
            data-autofocus
            autoComplete="off"
            {...form.getInputProps('singular')}
          />
          <TextInput
            label={t('plural')}
            placeholder={t('pluralHint')}
            required
            autoComplete="off"
            {...form.getInputProps('plural')}
          />
        </Group>
        <Textarea label={t('description')} autosize minRows={2} {...form.getInputProps('description')} />
        <Checkbox label={t('ofContact')} {...form.getInputProps('ofContact', { type: 'checkbox' })} />
        <Checkbox label={t('ofCompany')} {...form.getInputProps('ofCompany', { type: 'checkbox' })} />
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('addAction')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
