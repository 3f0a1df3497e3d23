/** Deals: a pipeline as a board or as a list, narrowed to an owner, a status or words. */
import { ActionIcon, Button, Card, Group, SegmentedControl, Select, Skeleton, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import {
  IconChartBar,
  IconLayoutKanban,
  IconList,
  IconPlus,
  IconSearch,
  IconSettings,
  IconTrophy,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatNumber } from '@/lib/format';
import { type DealStatus, type Pipeline, pipelinesQuery } from '@/pickers/deals/api';
import { addSums, formatSums } from '@/pickers/deals/money';
import { NewDealDialog } from '@/pickers/deals/NewDealDialog';
import { UserPicker } from '@/pickers/UserPicker';
import { LinkAction } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { type Board, boardQuery, type Filter } from '../api';
import classes from '../deals.module.css';
import { BoardView } from '../parts/BoardView';
import { DealsTable } from '../parts/DealsTable';
import { PipelineDialog } from '../parts/PipelineDialog';

export function DealsPage() {
  const { t } = useTranslation('deals');
  const query = useQuery(pipelinesQuery);
  if (query.isPending) {
    return (
      <Page>
        <Skeleton h={52} w={280} mb="lg" />
        <LoadingRows count={8} />
      </Page>
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  const pipelines = query.data.items;
  const [first] = pipelines;
  if (!first) {
    return (
      <EmptyView
        isPage
        icon={<IconTrophy size={26} stroke={1.6} />}
        title={t('noPipeline')}
        description={t('noPipelineText')}
        actions={<FirstPipeline />}
      />
    );
  }
  return <Pipelines pipelines={pipelines} first={first} />;
}

function FirstPipeline() {
  const { t } = useTranslation('deals');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {useMay('editor') && <Button onClick={() => setOpen(true)}>{t('pipeline.add')}</Button>}
      <PipelineDialog opened={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}

function Pipelines({ pipelines, first }: { pipelines: Pipeline[]; first: Pipeline }) {
  const { t } = useTranslation('deals');
  const search = useSearch({ from: '/_app/deals' });
  const pipeline = pipelines.find((one) => one.id === search.pipeline) ?? first;
  const status = search.status ?? 'open';
  const filter: Filter = { owner_id: search.owner, search: search.q, status: status === 'all' ? 'any' : status };
  const isList = search.view === 'list';
  const query = useQuery(boardQuery(pipeline.id, filter));
  return (
    <div className={classes.page}>
      <div className={classes.top}>
        <PageHeader
          title={t('heading')}
          description={query.data && <Sums board={query.data} />}
          actions={<Actions pipelines={pipelines} pipeline={pipeline} isList={isList} />}
        />
        <Filters />
      </div>
      {isList ? (
        <div className={classes.table}>
          <Card padding={0} h="100%">
            <DealsTable pipeline={pipeline} filter={filter} />
          </Card>
        </div>
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />
      ) : query.data && isFiltered(search) && query.data.columns.every((column) => column.count === 0) ? (
        <NoMatch />
      ) : query.data ? (
        <BoardView board={query.data} filter={filter} />
      ) : (
        <LoadingRows count={8} />
      )}
    </div>
  );
}

const isFiltered = (search: { q?: string; owner?: number; status?: string }) =>
  Boolean(search.q || search.owner || search.status);

function NoMatch() {
  const { t } = useTranslation('deals');
  const navigate = useNavigate({ from: '/deals' });
  return (
    <EmptyView
      icon={<IconSearch size={26} stroke={1.6} />}
      title={t('noMatch')}
      description={t('noMatchText')}
      actions={
        <Button
          variant="default"
          onClick={() => void navigate({ search: ({ pipeline, view }) => ({ pipeline, view }), replace: true })}
        >
          {t('clearFilters')}
        </Button>
      }
    />
  );
}

function Sums({ board }: { board: Board }) {
  const { t } = useTranslation('deals');
  const count = board.columns.reduce((sum, column) => sum + column.count, 0);
  const sums = formatSums(addSums(board.columns.map((column) => column.values)));
  const weighted = formatSums(addSums(board.columns.map((column) => column.weighted)));
  const parts = [sums, weighted && t('sumWeighted', { sum: weighted })];
  return (
    <Text component="span" className="num" role="status">
      {[...parts, t('count', { count, shown: formatNumber(count) })].filter(Boolean).join(' · ')}
    </Text>
  );
}

type ActionsProps = { pipelines: Pipeline[]; pipeline: Pipeline; isList: boolean };

function Actions({ pipelines, pipeline, isList }: ActionsProps) {
  const { t } = useTranslation('deals');
  const navigate = useNavigate({ from: '/deals' });
  const [isAdding, setAdding] = useState(false);
  const mayEdit = useMay('editor');
  const View = isList ? IconLayoutKanban : IconList;
  return (
    <>
      <Select
        w={190}
        aria-label={t('pipeline.label')}
        data={pipelines.map((one) => ({ value: String(one.id), label: one.name }))}
        value={String(pipeline.id)}
        allowDeselect={false}
        comboboxProps={{ shadow: 'md' }}
        onChange={(id) => void navigate({ search: (old) => ({ ...old, pipeline: Number(id) }) })}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label={t(isList ? 'showBoard' : 'showList')}
        onClick={() => void navigate({ search: (old) => ({ ...old, view: isList ? undefined : 'list' }) })}
      >
        <View size={18} />
      </ActionIcon>
      <LinkAction
        variant="default"
        size={36}
        to="/deals/report"
        search={{ pipeline: pipeline.id }}
        aria-label={t('report.title')}
      >
        <IconChartBar size={18} />
      </LinkAction>
      <LinkAction variant="default" size={36} to="/deals/pipelines" aria-label={t('pipeline.settings')}>
        <IconSettings size={18} />
      </LinkAction>
      {mayEdit && (
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {t('new')}
        </Button>
      )}
      <NewDealDialog place={isAdding ? { stageId: pipeline.stages[0]?.id } : null} onClose={() => setAdding(false)} />
    </>
  );
}

const statuses = ['open', 'won', 'lost', 'all'] as const;

function Filters() {
  const { t } = useTranslation('deals');
  const { q, owner, status = 'open' } = useSearch({ from: '/_app/deals' });
  const navigate = useNavigate({ from: '/deals' });
  const [text, setText] = useState(q ?? '');
  // Cleared filters clear the field too.
  useEffect(() => {
    if (q === undefined) setText('');
  }, [q]);
  const find = useDebouncedCallback(
    (text: string) => void navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true }),
    250,
  );
  return (
    <Group mb="md" gap="xs">
      <TextInput
        w={{ base: '100%', xs: 240 }}
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          find(event.currentTarget.value.trim());
        }}
      />
      <UserPicker
        w={{ base: 'calc(50% - 5px)', xs: 180 }}
        aria-label={t('owner')}
        placeholder={t('anyOwner')}
        value={owner ?? null}
        onChange={(id) => void navigate({ search: (old) => ({ ...old, owner: id ?? undefined }), replace: true })}
      />
      <SegmentedControl
        aria-label={t('columns.status')}
        data={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
        value={status}
        onChange={(value) => {
          const next = value as DealStatus | 'all';
          void navigate({ search: (old) => ({ ...old, status: next === 'open' ? undefined : next }), replace: true });
        }}
      />
    </Group>
  );
}
