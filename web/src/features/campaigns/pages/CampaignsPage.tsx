/** All campaigns, as a list with their key figures or by the day. */
import { Group, SegmentedControl, Text } from '@mantine/core';
import { IconSpeakerphone } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatMoment, formatNumber } from '@/lib/format';
import { ListCard, type ListColumn, listName } from '@/ui/ListCard';
import { LinkAnchor } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView } from '@/ui/States';
import { type Campaign, campaignsQuery } from '../api';
import { shareText } from '../model';
import { Calendar } from '../parts/Calendar';
import { NewCampaign } from '../parts/NewCampaign';
import { RowMenu } from '../parts/RowMenu';
import { StateBadge } from '../parts/StateBadge';

export function CampaignsPage() {
  const { t } = useTranslation('campaigns');
  const { q, view } = useSearch({ from: '/_app/campaigns' });
  const navigate = useNavigate();
  const mayEdit = useMay('editor');
  const query = useQuery({ ...campaignsQuery(q ?? ''), enabled: view !== 'calendar' });
  const columns: ListColumn<Campaign>[] = [
    {
      label: t('columns.name'),
      cell: (item) => (
        <>
          <LinkAnchor to="/campaigns/$id" params={{ id: String(item.id) }} {...listName}>
            {item.name}
          </LinkAnchor>
          {item.kind !== 'standard' && (
            <Text size="xs" c="dimmed">
              {t(`kinds.${item.kind}`)}
            </Text>
          )}
        </>
      ),
    },
    { label: t('columns.state'), cell: (item) => <StateBadge campaign={item} /> },
    { label: t('columns.sent'), isFigure: true, isWide: true, cell: (item) => formatNumber(item.figures.sent) },
    { label: t('columns.opened'), isFigure: true, cell: (item) => shareText(item.figures.opened, item.figures.sent) },
    {
      label: t('columns.clicked'),
      isFigure: true,
      isWide: true,
      cell: (item) => shareText(item.figures.clicked, item.figures.sent),
    },
    {
      label: t('columns.when'),
      isFigure: true,
      isWide: true,
      cell: (item) => formatMoment(item.started_at ?? item.scheduled_at ?? item.updated_at),
    },
  ];
  if (mayEdit) {
    columns.push({ label: t('columns.actions'), isUnnamed: true, cell: (item) => <RowMenu campaign={item} /> });
  }
  return (
    <Page width={1120}>
      <PageHeader title={t('title')} description={t('subtitle')} actions={mayEdit && <NewCampaign />} />
      <Group mb="md">
        <SegmentedControl
          aria-label={t('views.label')}
          value={view ?? 'list'}
          onChange={(chosen) =>
            void navigate({ to: '/campaigns', search: { q, view: chosen === 'calendar' ? 'calendar' : undefined } })
          }
          data={[
            { value: 'list', label: t('views.list') },
            { value: 'calendar', label: t('views.calendar') },
          ]}
        />
      </Group>
      {view === 'calendar' ? (
        <Calendar />
      ) : (
        <ListCard
          label={t('title')}
          query={query}
          columns={columns}
          empty={
            <EmptyView
              icon={<IconSpeakerphone size={26} stroke={1.6} />}
              title={t('empty.title')}
              description={t('empty.text')}
              actions={mayEdit && <NewCampaign />}
            />
          }
        />
      )}
    </Page>
  );
}
