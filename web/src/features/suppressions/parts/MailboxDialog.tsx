import { Button, Group, Modal, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problems';
import { toast, toastError } from '@/ui/toast';
import { type Mailbox, useSaveMailbox } from '../api';

const ports = { imap: { tls: 993, starttls: 143, none: 143 }, pop3: { tls: 995, starttls: 110, none: 110 } } as const;

export function MailboxDialog({ mailbox, onClose }: { mailbox: Mailbox | null; onClose: () => void }) {
  const { t } = useTranslation('suppressions');
  const save = useSaveMailbox();
  const form = useForm({
    initialValues: {
      protocol: mailbox?.protocol ?? ('imap' as const),
      security: mailbox?.security ?? ('tls' as const),
      host: mailbox?.host ?? '',
      port: mailbox?.port ?? 993,
      username: mailbox?.username ?? '',
      password: '',
      folder: mailbox?.folder ?? 'INBOX',
      is_enabled: mailbox?.is_enabled ?? true,
    },
  });
  const suit = (change: Partial<typeof form.values>) => {
    const next = { ...form.getValues(), ...change };
    form.setValues({ ...next, port: ports[next.protocol][next.security] });
  };
  const submit = ({ password, ...values }: typeof form.values) =>
    save.mutate(
      { ...values, password: password || undefined, id: mailbox?.id },
      {
        onSuccess: () => {
          toast(t('saved'));
          onClose();
        },
        onError: (error) => {
          if (error instanceof ApiError && error.errors.length > 0) form.setErrors(error.fields);
          else toastError(error);
        },
      },
    );
  const title = mailbox ? t('mailboxes.edit', { name: mailbox.username }) : t('mailboxes.add');
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <form noValidate onSubmit={form.onSubmit(submit)}>
        <Stack gap="md">
          <Group grow>
            <Select
              label={t('mailboxes.protocol')}
              allowDeselect={false}
              data={[
                { value: 'imap', label: 'IMAP' },
                { value: 'pop3', label: 'POP3' },
              ]}
              value={form.values.protocol}
              onChange={(value) => suit({ protocol: value === 'pop3' ? 'pop3' : 'imap' })}
            />
            <Select
              label={t('mailboxes.security')}
              allowDeselect={false}
              data={(['tls', 'starttls', 'none'] as const).map((value) => ({
                value,
                label: t(`mailboxes.securities.${value}`),
              }))}
              value={form.values.security}
              onChange={(value) => suit({ security: value === 'tls' || value === 'starttls' ? value : 'none' })}
            />
          </Group>
          <TextInput
            label={t('mailboxes.host')}
            required
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('host')}
          />
          <NumberInput label={t('mailboxes.port')} min={1} max={65535} {...form.getInputProps('port')} />
          <TextInput label={t('mailboxes.username')} required autoComplete="off" {...form.getInputProps('username')} />
          <TextInput
            label={t('mailboxes.password')}
            description={mailbox && t('mailboxes.passwordKept')}
            type="password"
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          {form.values.protocol === 'imap' && (
            <TextInput label={t('mailboxes.folder')} {...form.getInputProps('folder')} />
          )}
          <Switch label={t('mailboxes.enabled')} {...form.getInputProps('is_enabled', { type: 'checkbox' })} />
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
