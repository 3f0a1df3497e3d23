/** The suppression list: search, add, download, remove. */
import { ActionIcon, Badge, Button, Card, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconMailOff, IconPlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { url } from '@/api/client';
import { useMay } from '@/api/session';
import { formatAgo } from '@/lib/format';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { type Reason, reasons, type Suppression, suppressionsQuery } from '../api';
import { AddDialog } from './AddDialog';
import { RemoveDialog } from './RemoveDialog';

const colors = { bounced: 'red', complained: 'orange', unsubscribed: 'gray', manual: 'blue' } as const;
const sources = ['bounce', 'complaint', 'manual', 'import', 'message'] as const;

export function ListTab() {
  const { t } = useTranslation('suppressions');
  const [q, setQ] = useState('');
  const [reason, setReason] = useState<Reason | null>(null);
  const [asked] = useDebouncedValue(q.trim(), 200);
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<string | null>(null);
  const mayChange = useMay('admin');
  const query = useInfiniteQuery(suppressionsQuery(asked, reason));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = asked !== '' || reason !== null;
  const add = mayChange && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  );
  return (
    <>
      <Group mb="md" gap="sm">
        <TextInput
          flex={1}
          miw={200}
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={16} />}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
        <Select
          w={180}
          aria-label={t('reason')}
          placeholder={t('anyReason')}
          clearable
          data={reasons.map((value) => ({ value, label: t(`reasons.${value}`) }))}
          value={reason}
          onChange={(value) => setReason(reasons.find((one) => one === value) ?? null)}
        />
        {mayChange && (
          <Button
            component="a"
            href={url('/suppressions.csv')}
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            {t('export')}
          </Button>
        )}
        {add}
      </Group>
      <Card padding={0} style={{ overflowX: 'auto' }}>
        {query.isPending ? (
          <LoadingRows count={6} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : items.length === 0 ? (
          <EmptyView
            icon={<IconMailOff size={26} stroke={1.6} />}
            title={t(isFiltered ? 'noMatch' : 'none')}
            description={t(isFiltered ? 'noMatchText' : 'noneText')}
          />
        ) : (
          <Table horizontalSpacing="md" verticalSpacing={10} highlightOnHover aria-label={t('tabs.list')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('address')}</Table.Th>
                <Table.Th>{t('reason')}</Table.Th>
                <Table.Th ta="right" visibleFrom="sm">
                  {t('when')}
                </Table.Th>
                {mayChange && <Table.Th w={48} aria-label={t('actions')} />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((item) => (
                <Row key={item.address} item={item} onRemove={mayChange ? () => setRemoved(item.address) : undefined} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
      {query.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('more')}
          </Button>
        </Group>
      )}
      {isAdding && <AddDialog onClose={() => setAdding(false)} />}
      {removed && <RemoveDialog address={removed} onClose={() => setRemoved(null)} />}
    </>
  );
}

function Row({ item, onRemove }: { item: Suppression; onRemove?: () => void }) {
  const { t } = useTranslation('suppressions');
  const source = sources.find((one) => one === item.source);
  const form = item.address.startsWith('@') ? 'domain' : /^(sha256|md5):/.test(item.address) ? 'hash' : null;
  const below = [form && t(form), source && t(`sources.${source}`), item.note].filter(Boolean).join(' · ');
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {item.address}
        </Text>
        {below && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {below}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Badge color={colors[item.reason]} miw="max-content">
          {t(`reasons.${item.reason}`)}
        </Badge>
      </Table.Td>
      <Table.Td ta="right" className="num" visibleFrom="sm">
        {formatAgo(item.created_at)}
      </Table.Td>
      {onRemove && (
        <Table.Td>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('remove', { address: item.address })}
            onClick={onRemove}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
