/** All segments. */
import { Box, Card, Table, Text, TextInput } from '@mantine/core';
import { IconPlus, IconSearch, IconTargetArrow } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo, formatNumber } from '@/lib/format';
import { useTelling } from '@/pickers/conditions/use-telling';
import { LinkAnchor, LinkButton } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { segmentsQuery } from '../api';
import { SegmentMenu } from '../parts/SegmentMenu';
import { StateBadge } from '../parts/StateBadge';
import { UseCount } from '../parts/UseCount';
import classes from '../segments.module.css';

export function SegmentsPage() {
  const { t } = useTranslation('segments');
  const { q = '' } = useSearch({ from: '/_app/segments' });
  const navigate = useNavigate({ from: '/segments' });
  const mayEdit = useMay('editor');
  const query = useQuery(segmentsQuery(q));
  const items = query.data?.items ?? [];
  const tell = useTelling(items.map((item) => item.condition));
  const newButton = mayEdit && (
    <LinkButton to="/segments/new" leftSection={<IconPlus size={16} />}>
      {t('new')}
    </LinkButton>
  );
  return (
    <Page width={1140}>
      <PageHeader title={t('title')} description={t('subtitle')} actions={newButton} />
      <Card padding={0} style={{ overflowX: 'auto' }}>
        {query.isPending ? (
          <LoadingRows count={6} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : items.length === 0 && q === '' ? (
          <EmptyView
            icon={<IconTargetArrow size={26} stroke={1.6} />}
            title={t('empty.title')}
            description={t('empty.text')}
            actions={newButton}
          />
        ) : (
          <>
            <Box p="sm">
              <TextInput
                w={{ base: '100%', xs: 260 }}
                placeholder={t('search')}
                aria-label={t('search')}
                leftSection={<IconSearch size={15} />}
                value={q}
                onChange={(event) => {
                  const text = event.currentTarget.value;
                  void navigate({ search: { q: text || undefined }, replace: true });
                }}
              />
            </Box>
            <Table horizontalSpacing="md" verticalSpacing={10} highlightOnHover aria-label={t('title')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('columns.name')}</Table.Th>
                  <Table.Th ta="right">{t('columns.contacts')}</Table.Th>
                  <Table.Th visibleFrom="xs">{t('columns.state')}</Table.Th>
                  <Table.Th visibleFrom="sm">{t('columns.usedBy')}</Table.Th>
                  <Table.Th ta="right" visibleFrom="sm">
                    {t('columns.evaluated')}
                  </Table.Th>
                  {mayEdit && <Table.Th w={48} aria-label={t('columns.actions')} />}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((item) => (
                  <Table.Tr key={item.id}>
                    <Table.Td>
                      <LinkAnchor
                        to="/segments/$id"
                        params={{ id: String(item.id) }}
                        size="sm"
                        fw={550}
                        c="var(--mantine-color-text)"
                      >
                        {item.name}
                      </LinkAnchor>
                      <Text size="xs" c="dimmed" className={classes.told}>
                        {tell(item.condition) || t('everyone')}
                      </Text>
                    </Table.Td>
                    <Table.Td ta="right" className="num" fw={550}>
                      {item.evaluated_at ? formatNumber(item.count) : '–'}
                    </Table.Td>
                    <Table.Td visibleFrom="xs">
                      <StateBadge segment={item} />
                    </Table.Td>
                    <Table.Td visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
                      <UseCount segmentId={item.id} />
                    </Table.Td>
                    <Table.Td ta="right" className="num" visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
                      {item.evaluated_at ? formatAgo(item.evaluated_at) : '–'}
                    </Table.Td>
                    {mayEdit && (
                      <Table.Td>
                        <SegmentMenu segment={item} />
                      </Table.Td>
                    )}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            {items.length === 0 && (
              <Text c="dimmed" size="sm" ta="center" py="xl">
                {t('nothingFound')}
              </Text>
            )}
          </>
        )}
      </Card>
    </Page>
  );
}
