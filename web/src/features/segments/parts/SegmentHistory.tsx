/** Who entered and who left, the newest first. */
import { Button, Card, Center, Text } from '@mantine/core';
import { IconArrowBarRight, IconArrowBarToLeft, IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatMoment } from '@/lib/format';
import { nameOf } from '@/pickers/api';
import { LinkAnchor } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { historyQuery, type Movement } from '../api';
import classes from '../segments.module.css';

export function SegmentHistory({ segmentId }: { segmentId: number }) {
  const { t } = useTranslation('segments');
  const query = useInfiniteQuery(historyQuery(segmentId));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card mt="sm" padding="md">
      {query.isPending ? (
        <LoadingRows count={5} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <EmptyView
          height={260}
          icon={<IconHistory size={26} stroke={1.6} />}
          title={t('history.none')}
          description={t('history.noneText')}
        />
      ) : (
        <ul className={classes.movements}>
          {items.map((item) => (
            <MovementRow key={item.id} item={item} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Center mt="sm">
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

function MovementRow({ item }: { item: Movement }) {
  const { t } = useTranslation('segments');
  const isEntry = item.event === 'entered';
  const Icon = isEntry ? IconArrowBarToLeft : IconArrowBarRight;
  return (
    <li>
      <span className={classes.movement} data-entry={isEntry || undefined}>
        <Icon size={15} stroke={1.8} aria-hidden />
      </span>
      <span className={classes.who}>
        <LinkAnchor
          to="/contacts/$id"
          params={{ id: String(item.contact_id) }}
          size="sm"
          fw={550}
          c="var(--mantine-color-text)"
        >
          {nameOf({ ...item, id: item.contact_id })}
        </LinkAnchor>{' '}
        {t(`history.${item.event}`)}
      </span>
      <Text size="xs" c="dimmed" className="num" title={formatMoment(item.at)}>
        {formatAgo(item.at)}
      </Text>
    </li>
  );
}
