/** A new company: its name and website are enough. */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import { useCreateCompany } from '../api';

export function AddCompanyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('companies');
  return (
    <Modal opened={opened} onClose={onClose} title={t('add')} closeButtonProps={{ 'aria-label': t('close') }}>
      {opened && <CompanyForm onClose={onClose} />}
    </Modal>
  );
}

function CompanyForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('companies');
  const navigate = useNavigate();
  const create = useCreateCompany();
  const form = useForm({
    initialValues: { name: '', website: '' },
    validate: { name: (value) => (value.trim() ? null : t('required')) },
  });
  const submit = (values: typeof form.values) =>
    create.mutate(values, {
      onSuccess: (company) => {
        onClose();
        void navigate({ to: '/companies/$id', params: { id: String(company.id) } });
      },
      onError: (error) => {
        const fields = error instanceof ApiError ? error.fields : {};
        form.setErrors(Object.keys(fields).some((name) => name in form.values) ? fields : { name: messageOf(error) });
      },
    });
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md">
        <TextInput
          label={t('fields.name')}
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('fields.website')}
          description={t('websiteHint')}
          placeholder="https://example.com"
          {...form.getInputProps('website')}
        />
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
