/** The campaign's ledger: who got it and what they did, narrowed down, and made a segment of. */
import { Button, Card, Group, Select, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '@/lib/format';
import { LinkAnchor, LinkButton } from '@/ui/links';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type Campaign, type Only, recipientsQuery } from '../api';
import { conditionOf } from '../model';

const filters: Only[] = ['all', 'opened', 'unopened', 'clicked', 'replied', 'failed', 'refused', 'waiting'];

export function Recipients({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const [only, setOnly] = useState<Only>('all');
  const query = useInfiniteQuery(recipientsQuery(campaign.id, only));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isSegment = only === 'opened' || only === 'unopened' || only === 'clicked' || only === 'replied';
  return (
    <Card padding="lg" style={{ overflowX: 'auto' }}>
      <Group justify="space-between" mb="sm" align="flex-end">
        <Title order={2} size="h5">
          {t('report.recipients')}
        </Title>
        <Group align="flex-end">
          {isSegment && (
            <LinkButton
              to="/segments/new"
              search={{ condition: conditionOf(campaign.variants, only) }}
              variant="default"
            >
              {t('report.segment')}
            </LinkButton>
          )}
          <Select
            label={t('report.show')}
            allowDeselect={false}
            value={only}
            data={filters.map((value) => ({ value, label: t(`only.${value}`) }))}
            onChange={(value) => setOnly(value as Only)}
            w={160}
          />
        </Group>
      </Group>
      {query.isPending ? (
        <LoadingRows count={5} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('report.nobody')}
        </Text>
      ) : (
        <Table aria-label={t('report.recipients')} verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('report.contact')}</Table.Th>
              <Table.Th>{t('report.outcome')}</Table.Th>
              <Table.Th visibleFrom="sm">{t('report.opened')}</Table.Th>
              <Table.Th visibleFrom="sm">{t('report.clicked')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <LinkAnchor to="/contacts/$id" params={{ id: String(row.contact_id) }} size="sm">
                    {`${row.first_name} ${row.last_name}`.trim() || row.email}
                  </LinkAnchor>
                  <Text size="xs" c="dimmed">
                    {row.email}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{t(`outcomes.${row.state as 0 | 1 | 2 | 3 | 4}`)}</Text>
                  {row.state > 2 && row.smtp_reply && (
                    <Text size="xs" c="dimmed">
                      {row.smtp_reply}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td visibleFrom="sm">{row.opened_at ? formatMoment(row.opened_at) : '–'}</Table.Td>
                <Table.Td visibleFrom="sm">{row.clicked_at ? formatMoment(row.clicked_at) : '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {query.hasNextPage && (
        <Button mt="sm" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('report.loadMore')}
        </Button>
      )}
    </Card>
  );
}
