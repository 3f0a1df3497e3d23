/** The start page: how many people, what was sent, what came back. */
import '@mantine/charts/styles.css';
import { Card, Grid, SimpleGrid, Skeleton } from '@mantine/core';
import { IconBolt, IconSeeding, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { formatNumber, formatPercent } from '@/lib/format';
import { LinkButton } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView } from '@/ui/States';
import { type Dashboard, dashboardQuery } from '../api';
import { dayValues, growth, isFresh, partOfDay, rate } from '../model';
import { ContactsChart, MessagesChart } from '../parts/Charts';
import { Automations, Recent } from '../parts/Lower';
import { StatCard } from '../parts/StatCard';

export function DashboardPage() {
  const { t } = useTranslation('dashboard');
  const { user } = useSession();
  const query = useQuery(dashboardQuery);
  const name = user.name.split(' ')[0] || '';
  const greeting = t(`greeting.${partOfDay(new Date().getHours())}`);
  return (
    <Page>
      <PageHeader
        title={name ? t('hello', { greeting, name }) : greeting}
        description={t('subtitle')}
        actions={
          <LinkButton to="/automations" leftSection={<IconBolt size={16} />}>
            {t('toAutomations')}
          </LinkButton>
        }
      />
      {query.isPending ? (
        <Loading />
      ) : query.isError ? (
        <Card>
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        </Card>
      ) : isFresh(query.data) ? (
        <Fresh />
      ) : (
        <Board board={query.data} />
      )}
    </Page>
  );
}

function Board({ board }: { board: Dashboard }) {
  const { t } = useTranslation('dashboard');
  const { series, messages_sent_30d: sent, opens_30d: opens, clicks_30d: clicks } = board;
  const percent = (value: number | null) => (value === null ? '–' : formatPercent(value));
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
        <StatCard
          label={t('stats.contacts')}
          value={formatNumber(board.contacts_total)}
          hint={t('stats.contactsHint', { number: formatNumber(board.contacts_new_30d) })}
          series={growth(dayValues(series, 'contacts'))}
          color="brand.5"
        />
        <StatCard
          label={t('stats.sent')}
          value={formatNumber(sent)}
          hint={t('stats.sentHint')}
          series={dayValues(series, 'sent')}
          color="brand.5"
        />
        <StatCard
          label={t('stats.opens')}
          value={percent(rate(opens, sent))}
          hint={t('stats.opensHint', { count: opens, number: formatNumber(opens) })}
          series={dayValues(series, 'opened')}
          color="teal.5"
        />
        <StatCard
          label={t('stats.clicks')}
          value={percent(rate(clicks, sent))}
          hint={t('stats.clicksHint', { count: clicks, number: formatNumber(clicks) })}
          series={dayValues(series, 'clicked')}
          color="orange.5"
        />
      </SimpleGrid>
      <Grid gap="md" mt="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <MessagesChart series={series} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <ContactsChart series={series} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Automations items={board.automations} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Recent facts={board.recent} />
        </Grid.Col>
      </Grid>
    </>
  );
}

function Fresh() {
  const { t } = useTranslation('dashboard');
  return (
    <Card>
      <EmptyView
        icon={<IconSeeding size={26} stroke={1.6} />}
        title={t('fresh.title')}
        description={t('fresh.text')}
        actions={
          <>
            <LinkButton to="/imports/new" leftSection={<IconUpload size={16} />}>
              {t('fresh.import')}
            </LinkButton>
            <LinkButton to="/contacts" search={{ add: true }} variant="default">
              {t('fresh.add')}
            </LinkButton>
          </>
        }
      />
    </Card>
  );
}

function Loading() {
  const { t } = useTranslation('ui');
  return (
    <div role="status" aria-label={t('loading')}>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
        {['a', 'b', 'c', 'd'].map((key) => (
          <Skeleton key={key} h={112} radius="lg" />
        ))}
      </SimpleGrid>
      <Skeleton h={340} mt="md" radius="lg" />
    </div>
  );
}
