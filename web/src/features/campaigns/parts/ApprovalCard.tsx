/** Where campaigns need approval: who said what, and what the person looking at it may do. */
import { Alert, Button, Card, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatMoment } from '@/lib/format';
import { ErrorView } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { type Approval, type Campaign, type Standing, standingQuery, useDecide } from '../api';

const colors = { asked: 'indigo', approved: 'teal', returned: 'orange' } as const;

export function ApprovalCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const query = useQuery(standingQuery(campaign.id, campaign.updated_at));
  if (query.isPending) return null;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  const standing = query.data;
  if (!standing.is_needed) return null;
  return (
    <Card padding="lg" component="section" aria-label={t('approval.title')}>
      <Title order={2} size="h5" mb="sm">
        {t('approval.title')}
      </Title>
      <Stack>
        {standing.is_outdated ? (
          <Alert color="orange">{t('approval.outdated')}</Alert>
        ) : standing.last ? (
          <Said last={standing.last} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('approval.none')}
          </Text>
        )}
        {!standing.is_approved && <Deciding campaign={campaign} standing={standing} />}
      </Stack>
    </Card>
  );
}

function Said({ last }: { last: Approval }) {
  const { t } = useTranslation('campaigns');
  return (
    <Alert color={colors[last.decision]} title={t(`approval.said.${last.decision}`, { name: last.by })}>
      {last.note && (
        <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {last.note}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {formatMoment(last.at)}
      </Text>
    </Alert>
  );
}

function Deciding({ campaign, standing }: { campaign: Campaign; standing: Standing }) {
  const { t } = useTranslation('campaigns');
  const [note, setNote] = useState('');
  const decide = useDecide(campaign.id);
  const mayApprove = useMay('admin');
  const mayAsk = useMay('editor');
  const isAsked = standing.last?.decision === 'asked';
  const act = (decision: 'ask' | 'approve' | 'return') =>
    decide.mutate(
      { decision, content: standing.content, note },
      {
        onSuccess: () => {
          setNote('');
          toast(t(`approval.done.${decision}`));
        },
        onError: toastError,
      },
    );
  if (!mayAsk || (isAsked && !mayApprove)) return null;
  return (
    <>
      <Textarea
        label={t('approval.note')}
        autosize
        minRows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group>
        {mayApprove && (
          <Button loading={decide.isPending} onClick={() => act('approve')}>
            {t('approval.approve')}
          </Button>
        )}
        {mayApprove && isAsked && (
          <Button variant="default" disabled={decide.isPending} onClick={() => act('return')}>
            {t('approval.return')}
          </Button>
        )}
        {!isAsked && (
          <Button variant="default" disabled={decide.isPending} onClick={() => act('ask')}>
            {t('approval.ask')}
          </Button>
        )}
      </Group>
    </>
  );
}
