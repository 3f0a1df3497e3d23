/** What a test run did, by its own clock, and what may happen next. */
import { Alert, Button, Group, Select, Stack, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '@/lib/format';
import { WhyTree } from '@/pickers/conditions/WhyTree';
import type { RunEvent, Trace, Visit } from '../test-run-api';
import classes from './history.module.css';

type Props = {
  trace: Trace;
  tags: { value: string; label: string }[];
  isBusy: boolean;
  onHappen: (event: RunEvent) => void;
  onShow: (stepId: string) => void;
  nameOf: (id: string, type: string) => string;
};

export function TestRunPath({ trace, tags, isBusy, onHappen, ...shown }: Props) {
  const { t } = useTranslation('automations');
  const isInside = trace.state === 'due' || trace.state === 'waiting';
  return (
    <Stack gap="xs" component="section" aria-label={t('testRun.path')}>
      {trace.visits.map((visit, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a path only grows, and a step may come twice
        <VisitCard key={index} visit={visit} {...shown} />
      ))}
      <Text size="sm" fw={600} role="status">
        {t(`testRun.state.${trace.state}`)}
        {trace.due_at && ` · ${formatMoment(trace.due_at)}`}
      </Text>
      {trace.error && <Alert color="red">{trace.error}</Alert>}
      {isInside && (
        <Group align="end" gap="xs">
          <Button variant="light" disabled={isBusy || !trace.due_at} onClick={() => onHappen({ type: 'next' })}>
            {t('testRun.next')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={() => onHappen({ type: 'advance', seconds: 86_400 })}>
            {t('testRun.day')}
          </Button>
          <Select
            label={t('testRun.addTag')}
            data={tags}
            value={null}
            disabled={isBusy}
            searchable
            onChange={(id) => id && onHappen({ type: 'add_tag', id: Number(id) })}
          />
        </Group>
      )}
    </Stack>
  );
}

function VisitCard({ visit, onShow, nameOf }: { visit: Visit } & Pick<Props, 'onShow' | 'nameOf'>) {
  const { t } = useTranslation('automations');
  return (
    <div className={classes.version}>
      <UnstyledButton w="100%" onClick={() => onShow(visit.step_id)}>
        <Text size="sm" fw={600}>
          {nameOf(visit.step_id, visit.type)}
        </Text>
        <Text size="xs" c="dimmed">
          {formatMoment(visit.at)}
        </Text>
      </UnstyledButton>
      {visit.conditions.map((tree, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: in the order of the step's conditions
        <WhyTree key={index} node={tree} />
      ))}
      {visit.mails.map((mail) => (
        <details key={mail.message_id}>
          <summary>{t(mail.reason ? 'testRun.unsent' : 'testRun.mail', { subject: mail.subject })}</summary>
          {mail.reason && <Text size="xs">{mail.reason}</Text>}
          <iframe title={mail.subject} sandbox="" srcDoc={mail.html} width="100%" height={320} />
        </details>
      ))}
    </div>
  );
}
