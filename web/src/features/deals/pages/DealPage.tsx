/** One deal: where it stands, its facts, what is to be done, what was noted and what happened. */
import { ActionIcon, Badge, Box, Button, Group, Menu, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconDots, IconHeartOff, IconThumbDown, IconTrash, IconTrophy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '@/api/problems';
import { useMay } from '@/api/session';
import { type Deal, pipelinesQuery, useUpdateDeal } from '@/pickers/deals/api';
import { statusColors } from '@/pickers/deals/DealsOf';
import { formatMoney } from '@/pickers/deals/money';
import { TaskList } from '@/pickers/deals/TaskList';
import { Notes } from '@/pickers/notes/Notes';
import { RecordsOf } from '@/pickers/records/RecordsOf';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkAction, LinkButton } from '@/ui/links';
import { Page } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { toastUndo } from '@/ui/undo-toast';
import { dealQuery, useDeleteDeal } from '../api';
import classes from '../deals.module.css';
import { DealFacts } from '../parts/DealFacts';
import { DealHistory } from '../parts/DealHistory';
import { LoseDialog } from '../parts/LoseDialog';
import { Participants } from '../parts/Participants';

export function DealPage() {
  const { t } = useTranslation('deals');
  const { id } = useParams({ from: '/_app/deals/$id' });
  const query = useQuery(dealQuery(Number(id)));
  if (query.isPending) {
    return (
      <Page>
        <Skeleton h={52} w={280} mb="lg" />
        <LoadingRows count={8} />
      </Page>
    );
  }
  if (isStatus(query.error, 404) || Number.isNaN(Number(id))) {
    return (
      <EmptyView
        isPage
        icon={<IconHeartOff size={26} stroke={1.6} />}
        title={t('gone')}
        description={t('goneText')}
        actions={<LinkButton to="/deals">{t('back')}</LinkButton>}
      />
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  const deal = query.data;
  return (
    <Page>
      <Head deal={deal} />
      <StageSteps deal={deal} />
      <div className={classes.profile}>
        <Stack gap="md">
          <DealFacts deal={deal} />
          <Participants deal={deal} />
        </Stack>
        <Stack gap="md">
          <TaskList about={{ deal_id: deal.id }} />
          <Tabs defaultValue="notes" keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="notes">{t('tabs.notes')}</Tabs.Tab>
              <Tabs.Tab value="records">{t('tabs.records')}</Tabs.Tab>
              <Tabs.Tab value="history">{t('tabs.history')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="notes">
              <Notes about={`/deals/${deal.id}`} at="/deals/notes" />
            </Tabs.Panel>
            <Tabs.Panel value="records">
              <RecordsOf namespace="deal" id={deal.id} />
            </Tabs.Panel>
            <Tabs.Panel value="history">
              <DealHistory deal={deal} />
            </Tabs.Panel>
          </Tabs>
        </Stack>
      </div>
    </Page>
  );
}

function Head({ deal }: { deal: Deal }) {
  const { t } = useTranslation('deals');
  const navigate = useNavigate();
  const update = useUpdateDeal();
  const remove = useDeleteDeal();
  const [isAsking, setAsking] = useState(false);
  const [losing, setLosing] = useState<Deal | null>(null);
  const mayEdit = useMay('editor');
  const { title } = deal;
  const set = (status: Deal['status'], lost_reason = '') =>
    update.mutate(
      { id: deal.id, status, lost_reason },
      {
        onSuccess: () =>
          toastUndo(t(`became.${status}`, { title }), t('undo'), () =>
            update.mutate({ id: deal.id, status: deal.status, lost_reason: deal.lost_reason }, { onError: toastError }),
          ),
        onError: toastError,
      },
    );
  const confirm = () => {
    void navigate({ to: '/deals', search: { pipeline: deal.pipeline_id } });
    remove.mutate(deal.id, { onSuccess: () => toast(t('deleted', { title })), onError: toastError });
  };
  return (
    <Group mb="md" gap="md" wrap="wrap">
      <LinkAction to="/deals" search={{ pipeline: deal.pipeline_id }} aria-label={t('back')}>
        <IconArrowLeft size={18} />
      </LinkAction>
      <Box flex={1} miw={200}>
        <Group gap="sm">
          <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          <Badge variant="light" color={statusColors[deal.status]}>
            {t(`status.${deal.status}`)}
          </Badge>
        </Group>
        <Text c="dimmed" className="num">
          {formatMoney(deal.value, deal.currency)} · {t('chance', { share: deal.win_probability })}
          {deal.lost_reason && ` · ${deal.lost_reason}`}
        </Text>
      </Box>
      {mayEdit && (
        <Group gap="xs">
          {deal.status === 'open' ? (
            <>
              <Button variant="default" leftSection={<IconThumbDown size={16} />} onClick={() => setLosing(deal)}>
                {t('lose')}
              </Button>
              <Button color="teal.9" leftSection={<IconTrophy size={16} />} onClick={() => set('won')}>
                {t('win')}
              </Button>
            </>
          ) : (
            <Button variant="default" onClick={() => set('open')}>
              {t('reopen')}
            </Button>
          )}
          <Menu>
            <Menu.Target>
              <ActionIcon aria-label={t('actions')} variant="default" size={36}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
                {t('delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      )}
      <LoseDialog deal={losing} onClose={() => setLosing(null)} onLose={(_, reason) => set('lost', reason)} />
      <ConfirmDialog
        opened={isAsking}
        title={t('deleteTitle', { title })}
        action={t('delete')}
        loading={remove.isPending}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t('deleteText')}
      </ConfirmDialog>
    </Group>
  );
}

/** On a phone the row is longer than the screen. */
function showStep(step: HTMLLIElement | null) {
  const row = step?.parentElement;
  if (step && row) row.scrollLeft = step.offsetLeft - row.offsetLeft - 40;
}

/** The pipeline's stages in a row; pressing one moves the deal there. */
function StageSteps({ deal }: { deal: Deal }) {
  const { t } = useTranslation('deals');
  const { data } = useQuery(pipelinesQuery);
  const update = useUpdateDeal();
  const mayEdit = useMay('editor');
  const stages = data?.items.find((pipeline) => pipeline.id === deal.pipeline_id)?.stages ?? [];
  const now = stages.findIndex((stage) => stage.id === deal.stage_id);
  return (
    <ol className={classes.steps} aria-label={t('stages')}>
      {stages.map((stage, place) => (
        <li
          key={stage.id}
          className={classes.step}
          data-past={place < now || undefined}
          data-now={place === now || undefined}
          ref={place === now ? showStep : undefined}
        >
          <button
            type="button"
            disabled={!mayEdit}
            aria-current={place === now ? 'step' : undefined}
            onClick={() => update.mutate({ id: deal.id, stage_id: stage.id }, { onError: toastError })}
          >
            {stage.name}
          </button>
        </li>
      ))}
    </ol>
  );
}
