/** When it goes, what the checks say, a test, and the button. */
import { Alert, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconSend } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment, formatNumber } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { audienceQuery, type Campaign, type Check, checksQuery, useAct, useSchedule, useSendTest } from '../api';
import { isRecurring } from '../model';
import { ApprovalCard } from './ApprovalCard';
import { Count } from './AudienceStep';

const looks = {
  error: { icon: IconCircleX, color: 'var(--mantine-color-red-7)' },
  warning: { icon: IconAlertTriangle, color: 'var(--mantine-color-orange-6)' },
  ok: { icon: IconCircleCheck, color: 'var(--mantine-color-teal-6)' },
};

export function ReviewStep({ campaign, at }: { campaign: Campaign; at: string | null }) {
  const { t } = useTranslation('campaigns');
  const checks = useQuery(checksQuery(campaign.id, campaign.updated_at));
  const audience = useQuery(audienceQuery(campaign.audience));
  const [isAsking, setAsking] = useState(false);
  const schedule = useSchedule(campaign.id);
  const act = useAct(campaign.id);
  const send = () => schedule.mutate(at, { onError: toastError, onSettled: () => setAsking(false) });
  if (campaign.state === 'scheduled') {
    return (
      <Alert color="indigo" title={t('states.scheduled')}>
        <Text size="sm" mb="sm">
          {t(isRecurring(campaign) ? 'review.starts' : 'review.scheduled', {
            when: formatMoment(campaign.scheduled_at ?? ''),
          })}
        </Text>
        <Button variant="default" onClick={() => act.mutate('unschedule', { onError: toastError })}>
          {t('review.unschedule')}
        </Button>
      </Alert>
    );
  }
  return (
    <Stack>
      <Card padding="lg">
        <Title order={2} size="h5" mb="sm">
          {t('review.checks')}
        </Title>
        {checks.isPending ? (
          <LoadingRows count={3} height={20} />
        ) : checks.isError ? (
          <ErrorView error={checks.error} onRetry={() => void checks.refetch()} />
        ) : (
          <Stack gap={8} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
            {checks.data.items.map((check) => (
              <CheckRow key={check.code + check.message} check={check} />
            ))}
          </Stack>
        )}
      </Card>
      <TestCard id={campaign.id} />
      <ApprovalCard campaign={campaign} />
      <Group justify="space-between">
        {isRecurring(campaign) ? <span /> : <Count audience={campaign.audience} />}
        <Button
          leftSection={<IconSend size={16} />}
          disabled={!checks.data?.is_ready}
          loading={schedule.isPending}
          onClick={() => (at || isRecurring(campaign) ? send() : setAsking(true))}
        >
          {t(at ? 'review.schedule' : isRecurring(campaign) ? 'review.start' : 'review.send')}
        </Button>
      </Group>
      <ConfirmDialog
        opened={isAsking}
        title={t('review.sendTitle', { count: formatNumber(audience.data?.reachable ?? 0) as unknown as number })}
        action={t('review.send')}
        loading={schedule.isPending}
        onConfirm={send}
        onClose={() => setAsking(false)}
      >
        {t('review.sendText')}
      </ConfirmDialog>
    </Stack>
  );
}

function CheckRow({ check }: { check: Check }) {
  const { t } = useTranslation('campaigns');
  const { icon: Icon, color } = looks[check.level];
  return (
    <Group component="li" gap={8} wrap="nowrap" align="flex-start">
      <Icon
        size={18}
        color={color}
        role="img"
        aria-label={t(`review.levels.${check.level}`)}
        style={{ flexShrink: 0 }}
      />
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {check.message}
      </Text>
    </Group>
  );
}

function TestCard({ id }: { id: number }) {
  const { t } = useTranslation('campaigns');
  const [text, setText] = useState('');
  const test = useSendTest(id);
  const emails = text.split(/[\s,;]+/).filter(Boolean);
  return (
    <Card padding="lg">
      <Title order={2} size="h5" mb="sm">
        {t('review.test')}
      </Title>
      <Group align="flex-end">
        <TextInput
          label={t('review.testTo')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: '1 1 220px' }}
        />
        <Button
          variant="default"
          disabled={emails.length === 0}
          loading={test.isPending}
          onClick={() => test.mutate(emails, { onSuccess: () => toast(t('review.testSent')), onError: toastError })}
        >
          {t('review.testSend')}
        </Button>
      </Group>
    </Card>
  );
}
