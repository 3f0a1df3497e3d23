/** The pipeline as a list, sorted by the server. */
import { Badge, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatDate } from '@/lib/format';
import type { Deal, Pipeline } from '@/pickers/deals/api';
import { statusColors } from '@/pickers/deals/DealsOf';
import { formatMoney } from '@/pickers/deals/money';
import { type Column, DataTable } from '@/ui/DataTable';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { dealListQuery, type Filter } from '../api';
import classes from '../deals.module.css';

const sorts = [
  'title',
  '-title',
  'value',
  '-value',
  'expected_on',
  '-expected_on',
  'touched_at',
  '-touched_at',
] as const;

export function DealsTable({ pipeline, filter }: { pipeline: Pipeline; filter: Filter }) {
  const { t } = useTranslation('deals');
  const navigate = useNavigate({ from: '/deals' });
  const { sort = '-created_at' } = useSearch({ from: '/_app/deals' });
  const query = useInfiniteQuery(dealListQuery(pipeline.id, filter, sort));
  const stageOf = (deal: Deal) => pipeline.stages.find((stage) => stage.id === deal.stage_id);
  const columns: Column<Deal>[] = [
    {
      id: 'title',
      header: t('columns.title'),
      width: 'minmax(180px, 2fr)',
      sort: 'title',
      cell: (deal) => (
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={600} truncate>
            {deal.title}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {[deal.company_name, deal.contact_name].filter(Boolean).join(' · ')}
          </Text>
        </div>
      ),
    },
    {
      id: 'value',
      header: t('columns.value'),
      width: 'minmax(100px, 0.7fr)',
      sort: 'value',
      align: 'right',
      cell: (deal) => (
        <Text size="sm" fw={600} className="num">
          {formatMoney(deal.value, deal.currency)}
        </Text>
      ),
    },
    {
      id: 'stage',
      header: t('columns.stage'),
      width: 'minmax(120px, 1fr)',
      wide: true,
      cell: (deal) =>
        deal.status === 'open' ? (
          <Text size="sm" truncate>
            {stageOf(deal)?.name}
          </Text>
        ) : (
          <Badge variant="light" color={statusColors[deal.status]}>
            {t(`status.${deal.status}`)}
          </Badge>
        ),
    },
    {
      id: 'owner',
      header: t('columns.owner'),
      width: 'minmax(100px, 0.8fr)',
      wide: true,
      cell: (deal) => (
        <Text size="sm" truncate>
          {deal.owner_name ?? '–'}
        </Text>
      ),
    },
    {
      id: 'expected',
      header: t('columns.expected'),
      width: '120px',
      sort: 'expected_on',
      wide: true,
      cell: (deal) => <Text size="sm">{deal.expected_on ? formatDate(deal.expected_on) : '–'}</Text>,
    },
    {
      id: 'touched',
      header: t('columns.touched'),
      width: '120px',
      sort: 'touched_at',
      wide: true,
      cell: (deal) => (
        <Text size="sm" c={deal.is_stale ? undefined : 'dimmed'} className={deal.is_stale ? classes.stale : undefined}>
          {formatAgo(deal.touched_at)}
        </Text>
      ),
    },
  ];
  if (query.isPending) return <LoadingRows count={10} />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <DataTable
      label={t('heading')}
      columns={columns}
      rows={query.data.pages.flatMap((page) => page.items)}
      total={query.data.pages[0]?.total}
      sort={sort}
      onSort={(next) =>
        void navigate({ search: (old) => ({ ...old, sort: sorts.find((one) => one === next) }), replace: true })
      }
      onOpen={(deal) => void navigate({ to: '/deals/$id', params: { id: String(deal.id) } })}
      hasMore={query.hasNextPage}
      isLoadingMore={query.isFetchingNextPage}
      onMore={() => void query.fetchNextPage()}
      resetKey={`${pipeline.id}${sort}${JSON.stringify(filter)}`}
      empty={<EmptyView icon={null} title={t('noMatch')} description={t('noMatchText')} height={260} />}
    />
  );
}
