/** Everyone in the segment as its conditions stand now, page by page. */
import { Box, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUserSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '@/lib/format';
import { type Contact, contactsOfConditionQuery } from '@/pickers/api';
import type { ConditionNode } from '@/pickers/ConditionBuilder';
import { Chips, ContactCell, Names } from '@/pickers/contact-cells';
import { type Column, DataTable } from '@/ui/DataTable';
import { LinkButton } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import classes from '../segments.module.css';

const DEFAULT_SORT = '-created_at';

export function SegmentContacts({ condition }: { condition: ConditionNode }) {
  const { t } = useTranslation('segments');
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  const [sort, setSort] = useState(DEFAULT_SORT);
  const [asked] = useDebouncedValue(JSON.stringify(condition), 300);
  const query = useInfiniteQuery(contactsOfConditionQuery(JSON.parse(asked), search, sort));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns: Column<Contact>[] = [
    {
      id: 'contact',
      header: t('contacts.contact'),
      width: 'minmax(180px, 2fr)',
      sort: 'name',
      cell: (contact) => <ContactCell contact={contact} />,
    },
    {
      id: 'tags',
      header: t('contacts.tags'),
      width: 'minmax(190px, 1.5fr)',
      wide: true,
      cell: (contact) => <Chips names={contact.tags.map((tag) => tag.name)} />,
    },
    {
      id: 'lists',
      header: t('contacts.lists'),
      width: 'minmax(140px, 1fr)',
      wide: true,
      cell: (contact) => <Names names={contact.lists.map((list) => list.name)} />,
    },
    {
      id: 'created_at',
      header: t('contacts.added'),
      width: '110px',
      wide: true,
      sort: 'created_at',
      cell: (contact) => <span className="num">{formatDate(contact.created_at)}</span>,
    },
  ];
  return (
    <>
      <Group py="sm" gap="sm">
        <TextInput
          w={{ base: '100%', xs: 260 }}
          placeholder={t('contacts.search')}
          aria-label={t('contacts.search')}
          leftSection={<IconSearch size={15} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Box flex={1} />
        <LinkButton
          to="/contacts"
          search={{ where: condition as Record<string, unknown> }}
          variant="default"
          size="xs"
          preload={false}
        >
          {t('contacts.open')}
        </LinkButton>
      </Group>
      <Box className={classes.table}>
        {query.isError && rows.length === 0 ? (
          <div className="card">
            <ErrorView error={query.error} onRetry={() => void query.refetch()} />
          </div>
        ) : query.isPending ? (
          <div className="card">
            <LoadingRows count={6} />
          </div>
        ) : (
          <DataTable
            label={t('tabs.contacts')}
            columns={columns}
            rows={rows}
            sort={sort}
            onSort={setSort}
            onOpen={(contact) => void navigate({ to: '/contacts/$id', params: { id: String(contact.id) } })}
            hasMore={query.hasNextPage}
            isLoadingMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            resetKey={`${asked} ${search} ${sort}`}
            empty={
              <EmptyView
                icon={<IconUserSearch size={26} stroke={1.6} />}
                title={t('contacts.none')}
                description={<Text span>{search ? t('contacts.noneFound') : t('contacts.noneText')}</Text>}
              />
            }
          />
        )}
      </Box>
    </>
  );
}
