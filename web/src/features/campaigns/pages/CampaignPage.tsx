/** One campaign: the wizard while it is written, then progress and the report. */
import { Alert, Button, Card, Group, Progress, Text, TextInput } from '@mantine/core';
import { IconArrowLeft, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatNumber } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkAnchor } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Act, type Campaign, campaignQuery, useAct, useSaveCampaign } from '../api';
import { isRecurring, progressOf } from '../model';
import { IssuesCard } from '../parts/IssuesCard';
import { ReportView } from '../parts/ReportView';
import { RunningCard } from '../parts/RunningCard';
import { StateBadge } from '../parts/StateBadge';
import { Wizard } from '../parts/Wizard';

export function CampaignPage() {
  const { t } = useTranslation('campaigns');
  const { id } = useParams({ from: '/_app/campaigns/$id' });
  const query = useQuery(campaignQuery(Number(id)));
  if (query.isPending) return <LoadingRows />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  const campaign = query.data;
  const isWritten = campaign.state === 'draft' || campaign.state === 'scheduled';
  const back = (
    <LinkAnchor to="/campaigns" size="sm" c="dimmed">
      <Group gap={4} component="span">
        <IconArrowLeft size={14} />
        {t('back')}
      </Group>
    </LinkAnchor>
  );
  return (
    <Page width={isWritten ? 860 : 1120}>
      <PageHeader
        back={back}
        title={
          <Group gap="sm" component="span">
            {campaign.name}
            <StateBadge campaign={campaign} />
          </Group>
        }
        actions={<Actions campaign={campaign} />}
      />
      {isWritten ? (
        <>
          <Name key={campaign.name} campaign={campaign} />
          <Wizard key={`${campaign.id}${campaign.state}`} campaign={campaign} />
        </>
      ) : (
        <>
          {isRecurring(campaign) ? <RunningCard campaign={campaign} /> : <Live campaign={campaign} />}
          {campaign.kind === 'rss' ? <IssuesCard campaign={campaign} /> : <ReportView campaign={campaign} />}
        </>
      )}
    </Page>
  );
}

function Name({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const [name, setName] = useState(campaign.name);
  const save = useSaveCampaign(campaign.id);
  return (
    <TextInput
      label={t('rename')}
      mb="lg"
      maw={420}
      value={name}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={() =>
        name.trim() !== '' && name !== campaign.name && save.mutate({ name: name.trim() }, { onError: toastError })
      }
    />
  );
}

function Actions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const act = useAct(campaign.id);
  const navigate = useNavigate();
  const mayEdit = useMay('editor');
  const [isAsking, setAsking] = useState(false);
  if (!mayEdit) return null;
  const run = (name: Act) => act.mutate(name, { onError: toastError, onSettled: () => setAsking(false) });
  const isMoving = campaign.state === 'sending' || campaign.state === 'paused';
  return (
    <>
      {campaign.state === 'sending' && (
        <Button variant="default" leftSection={<IconPlayerPause size={16} />} onClick={() => run('pause')}>
          {t('actions.pause')}
        </Button>
      )}
      {campaign.state === 'paused' && (
        <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => run('resume')}>
          {t('actions.resume')}
        </Button>
      )}
      {isMoving && (
        <Button variant="default" color="red" onClick={() => setAsking(true)}>
          {t(isRecurring(campaign) ? 'actions.stop' : 'actions.cancel')}
        </Button>
      )}
      {campaign.state === 'sent' && (
        <Button
          variant="default"
          onClick={() =>
            act.mutate('resend', {
              onSuccess: (made) => void navigate({ to: '/campaigns/$id', params: { id: String(made.id) } }),
              onError: toastError,
            })
          }
        >
          {t('actions.resend')}
        </Button>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={t(isRecurring(campaign) ? 'stopTitle' : 'cancelTitle')}
        action={t(isRecurring(campaign) ? 'actions.stop' : 'actions.cancel')}
        loading={act.isPending}
        onConfirm={() => run('cancel')}
        onClose={() => setAsking(false)}
      >
        {t('cancelText')}
      </ConfirmDialog>
    </>
  );
}

function Live({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  if (campaign.state !== 'sending' && campaign.state !== 'paused') return null;
  const { figures } = campaign;
  const isTesting = campaign.kind === 'split' && campaign.winner === null && campaign.is_frozen;
  const done = figures.sent + figures.failed + figures.refused;
  return (
    <Card padding="lg" mb="md">
      <Group justify="space-between" mb={8}>
        <Text fw={600}>{campaign.is_frozen ? t('live.title') : t('live.gathering')}</Text>
        <Text size="sm" c="dimmed" className="num" aria-live="polite">
          {t('live.progress', {
            done: formatNumber(done),
            total: formatNumber(Math.max(campaign.frozen_count, figures.total)),
          })}
        </Text>
      </Group>
      <Progress
        value={progressOf(campaign) * 100}
        size="lg"
        animated={campaign.state === 'sending'}
        aria-label={t('live.title')}
      />
      {isTesting && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('live.testing')}
        </Text>
      )}
      {campaign.state === 'paused' && (
        <Alert color="yellow" mt="sm">
          {campaign.pause_reason ?? t('live.paused')}
        </Alert>
      )}
    </Card>
  );
}
