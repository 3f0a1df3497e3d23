/** A new pipeline: its name and the currency its deals are in. */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import { useCreatePipeline } from '../api';

export function PipelineDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('deals');
  return (
    <Modal opened={opened} onClose={onClose} title={t('pipeline.add')} closeButtonProps={{ 'aria-label': t('close') }}>
      {opened && <PipelineForm onClose={onClose} />}
    </Modal>
  );
}

function PipelineForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('deals');
  const create = useCreatePipeline();
  const form = useForm({
    initialValues: { name: '', currency: 'USD' },
    validate: { name: (value) => (value.trim() ? null : t('required')) },
  });
  const submit = (values: typeof form.values) =>
    create.mutate(values, {
      onSuccess: onClose,
      onError: (error) => {
        const fields = error instanceof ApiError ? error.fields : {};
        form.setErrors(Object.keys(fields).some((name) => name in form.values) ? fields : { name: messageOf(error) });
      },
    });
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md">
        <TextInput
          label={t('pipeline.name')}
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('pipeline.currency')}
          description={t('pipeline.currencyHint')}
          maxLength={3}
          {...form.getInputProps('currency')}
          onChange={(event) => form.setFieldValue('currency', event.currentTarget.value.toUpperCase())}
        />
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('pipeline.addAction')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
