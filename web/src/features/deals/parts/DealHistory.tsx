/** What happened to a deal, the newest first. */
import { Button, Card, Center, Text, Tooltip } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatDate, formatMoment } from '@/lib/format';
import { ownersQuery } from '@/pickers/api';
import { type Deal, dealFieldsQuery, stageNamesQuery } from '@/pickers/deals/api';
import { formatMoney } from '@/pickers/deals/money';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type DealEvent, eventsQuery } from '../api';
import classes from '../deals.module.css';

export function DealHistory({ deal }: { deal: Deal }) {
  const { t } = useTranslation('deals');
  const query = useInfiniteQuery(eventsQuery(deal.id));
  const say = useWords(deal);
  if (query.isPending) return <LoadingRows count={4} />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  const events = query.data.pages.flatMap((page) => page.items);
  return (
    <Card padding="md">
      <ol className={classes.history}>
        {events.map((event) => (
          <li key={event.id}>
            <span>{say(event)}</span>
            <Tooltip label={formatMoment(event.at)}>
              <Text component="time" dateTime={event.at} size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                {formatAgo(event.at)}
              </Text>
            </Tooltip>
          </li>
        ))}
      </ol>
      {query.hasNextPage && (
        <Center>
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('history.more')}
          </Button>
        </Center>
      )}
    </Card>
  );
}

const kinds = [
  'created',
  'title',
  'value',
  'currency',
  'contact',
  'company',
  'owner',
  'probability',
  'expected',
  'stage',
  'status',
  'field',
  'task_added',
  'task_done',
  'note_added',
  'participant_added',
  'participant_removed',
] as const;
type Kind = (typeof kinds)[number];
const isKind = (kind: string): kind is Kind => kinds.some((one) => one === kind);

function useWords(deal: Deal) {
  const { t } = useTranslation('deals');
  const stages = useQuery(stageNamesQuery).data?.items;
  const users = useQuery(ownersQuery).data?.items;
  const fields = useQuery(dealFieldsQuery).data?.items;
  const nothing = t('history.nothing');
  const shown = (kind: Kind, value: unknown): string => {
    if (value === null || value === undefined || value === '') return nothing;
    if (kind === 'value') return formatMoney(Number(value), deal.currency);
    if (kind === 'stage') return stages?.find((one) => one.id === value)?.name ?? t('history.goneStage');
    if (kind === 'owner') return users?.find((one) => one.id === value)?.name ?? t('history.someone');
    if (kind === 'expected') return formatDate(String(value));
    if (kind === 'probability') return `${String(value)} %`;
    return Array.isArray(value) ? value.join(', ') : String(value);
  };
  return ({ kind, data, actor_kind, actor_id }: DealEvent) => {
    if (!isKind(kind)) return kind;
    const field = fields?.find((one) => one.id === data?.field_id)?.name ?? t('history.aField');
    const what = t(`history.${kind}`, {
      old: shown(kind, data?.old),
      new: shown(kind, data?.new),
      title: String(data?.title ?? ''),
      field,
    });
    const person = actor_kind === 'user' ? users?.find((one) => one.id === actor_id)?.name : undefined;
    const who = person ?? (actor_kind === 'automation' ? t('history.automation') : undefined);
    return who ? `${what} – ${who}` : what;
  };
}
