/** What a feed's campaign has sent: an issue for each time that something was new. */
import { Button, Card, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatMoment, formatNumber } from '@/lib/format';
import { LinkAnchor } from '@/ui/links';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type Campaign, issuesQuery } from '../api';
import { shareText } from '../model';
import { StateBadge } from './StateBadge';

export function IssuesCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const query = useInfiniteQuery(issuesQuery(campaign.id));
  if (query.isPending) return <LoadingRows count={3} />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  const issues = query.data.pages.flatMap((page) => page.items);
  return (
    <Card padding="lg">
      <Title order={2} size="h5" mb="sm">
        {t('feed.issues')}
      </Title>
      {issues.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('feed.noIssues')}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={480}>
          <Table aria-label={t('feed.issues')}>
            <Table.Thead>
              <Table.Tr>
                {(['name', 'state', 'when', 'sent', 'opened', 'clicked'] as const).map((name) => (
                  <Table.Th key={name}>{t(`columns.${name}`)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {issues.map((issue) => (
                <Table.Tr key={issue.id}>
                  <Table.Td>
                    <LinkAnchor to="/campaigns/$id" params={{ id: String(issue.id) }}>
                      {issue.subject}
                    </LinkAnchor>
                  </Table.Td>
                  <Table.Td>
                    <StateBadge campaign={issue} />
                  </Table.Td>
                  <Table.Td>{formatMoment(issue.started_at ?? issue.created_at)}</Table.Td>
                  <Table.Td className="num">{formatNumber(issue.figures.sent)}</Table.Td>
                  <Table.Td className="num">{shareText(issue.figures.opened, issue.figures.sent)}</Table.Td>
                  <Table.Td className="num">{shareText(issue.figures.clicked, issue.figures.sent)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {query.hasNextPage && (
        <Button variant="default" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('report.loadMore')}
        </Button>
      )}
    </Card>
  );
}
