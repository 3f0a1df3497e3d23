/** Everything that happened to a contact, newest first, with a filter by kind. */
import { Button, Card, Center, Chip, Group, Text, ThemeIcon, Tooltip } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatMoment } from '@/lib/format';
import { ownersQuery } from '@/pickers/api';
import { notesQuery } from '@/pickers/notes/api';
import { useObjectNames } from '@/pickers/object-names';
import { factLook } from '@/ui/fact-looks';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { type TimelineEntry, timelineQuery } from '../api';
import classes from '../contacts.module.css';
import { isTimelineGroup, type TimelineGroup, timelineGroups } from '../model';
import { filesQuery, workplacesQuery } from '../work-api';

const groups = Object.keys(timelineGroups).filter(isTimelineGroup);

type Props = {
  contactId: number;
  group: TimelineGroup | undefined;
  onGroup: (group: TimelineGroup | undefined) => void;
};

export function Timeline({ contactId, group, onGroup }: Props) {
  const { t } = useTranslation('contacts');
  const query = useInfiniteQuery(timelineQuery(contactId, group ? timelineGroups[group].join(',') : ''));
  const nameOfObject = useObjectNames();
  const nameOf = useProfileNames(contactId);
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Chip.Group value={group ?? 'all'} onChange={(value) => onGroup(groups.find((name) => name === value))}>
        <Group gap={6} mb="sm" role="group" aria-label={t('timeline.filter')}>
          <Chip value="all" size="xs">
            {t('timeline.all')}
          </Chip>
          {groups.map((name) => (
            <Chip key={name} value={name} size="xs">
              {t(`timeline.${name}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Card padding="md">
        {query.isPending ? (
          <LoadingRows count={5} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : entries.length === 0 ? (
          <EmptyView icon={<IconHistory size={26} stroke={1.6} />} title={t('timeline.none')} height={240} />
        ) : (
          <ol className={classes.entries}>
            {entries.map((entry) => (
              <Entry
                key={entry.id}
                entry={entry}
                name={entry.object_name ?? nameOf(entry) ?? nameOfObject(entry.kind, entry.object_id)}
              />
            ))}
          </ol>
        )}
        {query.hasNextPage && (
          <Center mt="sm">
            <Button
              variant="default"
              size="xs"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t('timeline.more')}
            </Button>
          </Center>
        )}
      </Card>
    </>
  );
}

/** What the profile knows itself: its companies, its notes and files, its owner. What was deleted has no name. */
function useProfileNames(contactId: number): (entry: TimelineEntry) => string | null {
  const places = useQuery(workplacesQuery(contactId)).data?.items;
  const notes = useInfiniteQuery(notesQuery(`/contacts/${contactId}`)).data?.pages.flatMap((page) => page.items);
  const files = useInfiniteQuery(filesQuery(contactId)).data?.pages.flatMap((page) => page.items);
  const users = useQuery(ownersQuery).data?.items;
  return ({ kind, object_id: id }) => {
    if (kind.startsWith('company_')) return places?.find((place) => place.company_id === id)?.name ?? null;
    if (kind === 'file_added') return files?.find((file) => file.id === id)?.name ?? null;
    if (kind === 'note_added') return notes?.find((note) => note.id === id)?.body.slice(0, 200) ?? null;
    return kind === 'owner_changed' ? (users?.find((user) => user.id === id)?.name ?? null) : null;
  };
}

function Entry({ entry, name }: { entry: TimelineEntry; name: string | null }) {
  const { t } = useTranslation('contacts');
  const look = factLook(entry.kind);
  const detail = detailOf(entry);
  return (
    <li className={classes.entry}>
      <ThemeIcon variant="light" color={look.color} size={30} radius="md" aria-hidden>
        <look.icon size={16} stroke={1.8} />
      </ThemeIcon>
      <div>
        <Text size="sm" lh={1.4}>
          {entry.label}
          {name && (
            <>
              {': '}
              <Text span fw={600} inherit>
                {name}
              </Text>
            </>
          )}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {[detail, t(`timeline.by.${entry.actor}`)].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Tooltip label={formatMoment(entry.at)}>
        <Text
          component="time"
          dateTime={entry.at}
          size="xs"
          c="dimmed"
          className="num"
          style={{ whiteSpace: 'nowrap' }}
        >
          {formatAgo(entry.at)}
        </Text>
      </Tooltip>
    </li>
  );
}

/** What the log adds in data: the link that was followed, or a value before and after. */
function detailOf(entry: TimelineEntry): string {
  const data = entry.data ?? {};
  if (typeof data.url === 'string') return data.url;
  if (entry.kind === 'owner_changed') return '';
  if ('new' in data || 'old' in data) return `${short(data.old)} → ${short(data.new)}`;
  if (typeof data.reason === 'string') return data.reason;
  if (typeof data.error === 'string') return data.error;
  return '';
}

const short = (value: unknown) =>
  value === null || value === undefined || value === '' ? '–' : Array.isArray(value) ? value.join(', ') : String(value);
