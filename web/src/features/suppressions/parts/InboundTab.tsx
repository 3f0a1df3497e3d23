/** Where bounces, complaints and replies come in: the return path, the receiver, providers' webhooks. */
import { ActionIcon, Alert, Button, Card, Group, Stack, Text, TextInput, Title, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problems';
import { CopyValue } from '@/ui/CopyValue';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { type Inbound, inboundQuery, useSaveInbound, useTestInbound } from '../api';
import { MailboxesCard } from './MailboxesCard';

export function InboundTab() {
  const query = useQuery(inboundQuery);
  if (query.isPending) return <LoadingRows count={6} />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap="md">
      <SettingsCard inbound={query.data} />
      <ReceiverCard inbound={query.data} />
      <MailboxesCard />
      <HooksCard inbound={query.data} />
    </Stack>
  );
}

function SettingsCard({ inbound }: { inbound: Inbound }) {
  const { t } = useTranslation('suppressions');
  const save = useSaveInbound();
  const form = useForm({
    initialValues: { bounce_address: inbound.bounce_address, sendgrid_key: '', mailgun_key: '' },
  });
  const submit = ({ bounce_address, sendgrid_key, mailgun_key }: typeof form.values) =>
    save.mutate(
      { bounce_address, sendgrid_key: sendgrid_key || undefined, mailgun_key: mailgun_key || undefined },
      {
        onSuccess: (saved) => {
          form.setValues({ bounce_address: saved.bounce_address, sendgrid_key: '', mailgun_key: '' });
          toast(t('saved'));
        },
        onError: (error) => {
          if (error instanceof ApiError && error.errors.length > 0) form.setErrors(error.fields);
          else toastError(error);
        },
      },
    );
  return (
    <Card>
      <form noValidate onSubmit={form.onSubmit(submit)}>
        <Stack gap="md" maw={560}>
          <TextInput
            label={t('inbound.address')}
            description={t('inbound.addressHint')}
            placeholder="b@bounces.example.com"
            autoComplete="off"
            {...form.getInputProps('bounce_address')}
          />
          <TextInput
            label={t('inbound.sendgridKey')}
            description={t(inbound.has_sendgrid_key ? 'inbound.keySet' : 'inbound.keyHint')}
            type="password"
            autoComplete="new-password"
            {...form.getInputProps('sendgrid_key')}
          />
          <TextInput
            label={t('inbound.mailgunKey')}
            description={t(inbound.has_mailgun_key ? 'inbound.keySet' : 'inbound.keyHint')}
            type="password"
            autoComplete="new-password"
            {...form.getInputProps('mailgun_key')}
          />
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function ReceiverCard({ inbound }: { inbound: Inbound }) {
  const { t } = useTranslation('suppressions');
  const test = useTestInbound();
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2} size="h3">
          {t('inbound.receiver')}
        </Title>
        <Text size="sm" c="dimmed">
          {inbound.receiver_port ? t('inbound.receiverOn', { port: inbound.receiver_port }) : t('inbound.receiverOff')}
        </Text>
        <Group>
          <Button
            variant="default"
            loading={test.isPending}
            onClick={() => test.mutate(undefined, { onError: toastError })}
          >
            {t('inbound.test')}
          </Button>
        </Group>
        {test.data && (
          <Alert color={test.data.is_working ? 'teal' : 'orange'} role="status">
            {test.data.message}
          </Alert>
        )}
      </Stack>
    </Card>
  );
}

function HooksCard({ inbound }: { inbound: Inbound }) {
  const { t } = useTranslation('suppressions');
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2} size="h3">
          {t('inbound.hooks')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('inbound.hooksText')}
        </Text>
        {inbound.webhooks.map(({ provider, url }) => (
          <TextInput
            key={provider}
            label={t(`providers.${provider}`)}
            value={url}
            readOnly
            onFocus={(event) => event.currentTarget.select()}
            rightSection={
              <CopyValue value={url}>
                {({ copied, copy }) => (
                  <Tooltip label={t(copied ? 'copied' : 'copy')}>
                    <ActionIcon
                      variant="subtle"
                      aria-label={`${t('copy')}: ${t(`providers.${provider}`)}`}
                      onClick={copy}
                    >
                      {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                    </ActionIcon>
                  </Tooltip>
                )}
              </CopyValue>
            }
          />
        ))}
      </Stack>
    </Card>
  );
}
