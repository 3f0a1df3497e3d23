/** What the draft would have done with the last days: who had entered, which mails, and what stood in their way. */
import { Alert, Anchor, Button, Group, List, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { formatDay, formatNumber } from '@/lib/format';
import { LoadingRows } from '@/ui/States';
import type { AutomationDocument } from '../api';
import { type DryRun as Found, useDryRun } from '../dry-run-api';
import { Figure } from './Figure';

const DryRunChart = lazy(() => import('./DaysChart').then((module) => ({ default: module.DryRunChart })));
const spans = ['7', '30', '90'] as const;

type Shown = { onShow: (stepId: string) => void; nameOf: (id: string, type: string) => string };

type Props = Shown & { automationId: number; document: AutomationDocument };

export function DryRun({ automationId, document, ...shown }: Props) {
  const { t } = useTranslation('automations');
  const run = useDryRun();
  const [days, setDays] = useState<string>('30');
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('dryRun.text')}
      </Text>
      <SegmentedControl
        aria-label={t('report.span')}
        value={days}
        onChange={setDays}
        data={spans.map((value) => ({ value, label: t('report.days', { count: Number(value) }) }))}
      />
      <Group>
        <Button
          loading={run.isPending}
          onClick={() => run.mutate({ document, automation_id: automationId, days: Number(days) })}
        >
          {t('dryRun.run')}
        </Button>
      </Group>
      {run.isError && (
        <Alert color="red" role="alert">
          {messageOf(run.error)}
        </Alert>
      )}
      {run.data && <Result found={run.data} {...shown} />}
    </Stack>
  );
}

function Result({ found, onShow, nameOf }: Shown & { found: Found }) {
  const { t } = useTranslation('automations');
  const sent = found.mails.reduce((sum, mail) => sum + mail.sent, 0);
  const refused = found.mails.flatMap((mail) => Object.entries(mail.refused));
  const reasons = [...new Set(refused.map(([reason]) => reason))].map(
    (reason) =>
      [reason, refused.filter(([item]) => item === reason).reduce((sum, [, count]) => sum + count, 0)] as const,
  );
  const conflicts = reasons.length > 0 || found.crowded > 0 || found.parked > 0;
  return (
    <section aria-label={t('dryRun.result')}>
      <Stack gap="md">
        {!found.is_complete && <Alert color="orange">{t('dryRun.early', { day: formatDay(found.ends_at) })}</Alert>}
        <Text role="status" fw={600}>
          {t('dryRun.summary', {
            count: found.entered,
            entered: formatNumber(found.entered),
            sent: formatNumber(sent),
          })}
        </Text>
        <SimpleGrid cols={2} spacing="xs">
          <Figure label={t('report.entered')} value={formatNumber(found.entered)} />
          <Figure label={t('dryRun.mails')} value={formatNumber(sent)} />
          <Figure label={t('report.completed')} value={formatNumber(found.completed)} />
          <Figure label={t('report.active')} value={formatNumber(found.inside)} />
        </SimpleGrid>
        {found.entered > 0 && (
          <Suspense fallback={<LoadingRows count={3} />}>
            <DryRunChart days={found.days} />
          </Suspense>
        )}
        {conflicts && (
          <Alert color="orange" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('dryRun.conflicts')}>
            <List size="sm">
              {reasons.map(([reason, count]) => (
                <List.Item key={reason}>{t('dryRun.notSent', { count, reason })}</List.Item>
              ))}
              {found.crowded > 0 && <List.Item>{t('dryRun.crowded', { count: found.crowded })}</List.Item>}
              {found.parked > 0 && <List.Item>{t('dryRun.parked', { count: found.parked })}</List.Item>}
            </List>
          </Alert>
        )}
        {found.mails.length > 0 && (
          <section aria-label={t('dryRun.mails')}>
            <Title order={3} size="h6" mb="xs">
              {t('dryRun.mails')}
            </Title>
            <Stack gap={4}>
              {found.mails.map((mail) => (
                <Group key={mail.step_id} justify="space-between" wrap="nowrap">
                  <Anchor component="button" type="button" size="sm" ta="left" onClick={() => onShow(mail.step_id)}>
                    {nameOf(mail.step_id, 'send_email')}
                  </Anchor>
                  <Text size="sm" className="num">
                    {formatNumber(mail.sent)}
                  </Text>
                </Group>
              ))}
            </Stack>
          </section>
        )}
      </Stack>
    </section>
  );
}
