/** A new contact, from the few facts one usually has. */
import { Button, Group, Modal, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import { nameOf } from '@/pickers/api';
import { toast } from '@/ui/toast';
import { useCreateContact } from '../api';

export function AddContactDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  return (
    <Modal opened={opened} onClose={onClose} title={t('add.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      {opened && <AddContactForm onClose={onClose} />}
    </Modal>
  );
}

function AddContactForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const create = useCreateContact();
  const form = useForm({
    initialValues: { email: '', first_name: '', last_name: '', phone: '' },
    validate: { email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : t('add.emailWrong')) },
  });
  const submit = (values: typeof form.values) =>
    create.mutate(
      { ...values, email: values.email.trim() },
      {
        onSuccess: (contact) => {
          onClose();
          toast(t('add.done', { name: nameOf(contact) }));
          void navigate({ to: '/contacts/$id', params: { id: String(contact.id) } });
        },
        onError: (error) => {
          const fields = error instanceof ApiError ? error.fields : {};
          form.setErrors(
            Object.keys(fields).some((name) => name in form.values) ? fields : { email: messageOf(error) },
          );
        },
      },
    );
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md">
        <TextInput
          label={t('fields.email')}
          type="email"
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('email')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <TextInput label={t('fields.first_name')} {...form.getInputProps('first_name')} />
          <TextInput label={t('fields.last_name')} {...form.getInputProps('last_name')} />
        </SimpleGrid>
        <TextInput label={t('fields.phone')} type="tel" {...form.getInputProps('phone')} />
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('add.action')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
