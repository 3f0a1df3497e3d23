/** A test message straight through one server, with its answer. */
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { sessionQuery } from '@/api/session';
import { type Server, sendersQuery, useTestServer } from '../api';
import { isEmail } from '../model';

export function TestDialog({ server, onClose }: { server: Server; onClose: () => void }) {
  const { t } = useTranslation('senders');
  const senders = useQuery(sendersQuery);
  const session = useQuery(sessionQuery);
  const test = useTestServer(server.id);
  const email = (value: string) => (isEmail(value) ? null : t('emailWrong'));
  const form = useForm({
    initialValues: {
      from_email: senders.data?.items[0]?.from_email ?? '',
      to_email: session.data?.user.email ?? '',
    },
    validate: { from_email: email, to_email: email },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('servers.testTitle', { name: server.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={form.onSubmit((values) => test.mutate(values))}>
        <Stack gap="md">
          <TextInput label={t('servers.testFrom')} type="email" required {...form.getInputProps('from_email')} />
          <TextInput
            label={t('servers.testTo')}
            type="email"
            required
            data-autofocus
            {...form.getInputProps('to_email')}
          />
          {test.isSuccess && (
            <Alert color="green" icon={<IconCheck size={16} />} role="status">
              {t('servers.testDone', test.data)}
            </Alert>
          )}
          {test.isError && (
            <Alert color="red" icon={<IconAlertTriangle size={16} />} style={{ overflowWrap: 'anywhere' }}>
              {messageOf(test.error)}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('close')}
            </Button>
            <Button type="submit" loading={test.isPending}>
              {t('servers.testSend')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
