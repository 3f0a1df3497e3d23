import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import { type Role, useMay } from '@/api/session';
import { toast } from '@/ui/toast';
import { useAddUser } from '../api';
import { roles } from './roles';

export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const add = useAddUser();
  const isOwner = useMay('owner');
  const form = useForm({
    initialValues: { email: '', name: '', role: 'editor' as Role, password: '' },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t('emailWrong')),
      password: (value) => (value.length >= 10 ? null : t('users.passwordShort')),
    },
  });
  const submit = (values: typeof form.values) =>
    add.mutate(
      { ...values, email: values.email.trim() },
      {
        onSuccess: () => {
          toast(t('users.added', { email: values.email.trim() }));
          onClose();
        },
        onError: (error) =>
          form.setErrors(
            error instanceof ApiError && error.errors.length > 0 ? error.fields : { email: messageOf(error) },
          ),
      },
    );
  return (
    <Modal opened onClose={onClose} title={t('users.add')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form noValidate onSubmit={form.onSubmit(submit)}>
        <Stack gap="md">
          <TextInput
            label={t('users.email')}
            type="email"
            required
            data-autofocus
            autoComplete="off"
            {...form.getInputProps('email')}
          />
          <TextInput label={t('users.name')} {...form.getInputProps('name')} />
          <Select
            label={t('users.role')}
            description={t(`roleHints.${form.values.role}`)}
            allowDeselect={false}
            data={roles
              .filter((role) => role !== 'owner' || isOwner)
              .map((role) => ({ value: role, label: t(`roles.${role}`) }))}
            {...form.getInputProps('role')}
          />
          <PasswordInput
            label={t('users.password')}
            description={t('users.passwordHint')}
            required
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('users.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
