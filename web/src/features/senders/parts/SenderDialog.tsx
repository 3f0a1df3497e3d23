import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toast } from '@/ui/toast';
import { type Sender, serversQuery, useSaveSender } from '../api';
import { fieldErrors, isEmail } from '../model';

export function SenderDialog({ sender, onClose }: { sender: Sender | null; onClose: () => void }) {
  const { t } = useTranslation('senders');
  const save = useSaveSender();
  const servers = useQuery(serversQuery);
  const form = useForm({
    initialValues: {
      from_name: sender?.from_name ?? '',
      from_email: sender?.from_email ?? '',
      reply_to: sender?.reply_to ?? '',
      physical_address: sender?.physical_address ?? '',
      relay_id: sender?.relay_id ? String(sender.relay_id) : '',
    },
    validate: {
      from_email: (value) => (isEmail(value) ? null : t('emailWrong')),
      reply_to: (value) => (!value.trim() || isEmail(value) ? null : t('emailWrong')),
    },
  });
  const submit = (values: typeof form.values) =>
    save.mutate(
      {
        ...values,
        from_email: values.from_email.trim(),
        reply_to: values.reply_to.trim(),
        relay_id: values.relay_id ? Number(values.relay_id) : null,
        id: sender?.id,
      },
      {
        onSuccess: () => {
          toast(t('saved'));
          onClose();
        },
        onError: (error) => form.setErrors(fieldErrors(error, 'from_email')),
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={sender ? t('senders.editTitle') : t('senders.add')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={form.onSubmit(submit)}>
        <Stack gap="md">
          <TextInput
            label={t('senders.name')}
            description={t('senders.nameHint')}
            data-autofocus
            {...form.getInputProps('from_name')}
          />
          <TextInput
            label={t('senders.email')}
            type="email"
            required
            autoComplete="off"
            {...form.getInputProps('from_email')}
          />
          <TextInput
            label={t('senders.replyTo')}
            description={t('senders.replyToHint')}
            type="email"
            autoComplete="off"
            {...form.getInputProps('reply_to')}
          />
          <Textarea
            label={t('senders.address')}
            description={t('senders.addressHint')}
            autosize
            minRows={2}
            {...form.getInputProps('physical_address')}
          />
          {(servers.data?.items.length ?? 0) > 0 && (
            <Select
              label={t('senders.server')}
              allowDeselect={false}
              data={[
                { value: '', label: t('senders.anyServer') },
                ...(servers.data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
              ]}
              {...form.getInputProps('relay_id')}
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
