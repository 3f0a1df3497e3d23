/** All automations with what they are doing now. */
import { Badge } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo, formatNumber } from '@/lib/format';
import { ListCard, type ListColumn, listName } from '@/ui/ListCard';
import { LinkAnchor } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView } from '@/ui/States';
import { type Automation, automationsQuery } from '../api';
import { statusColor } from '../model';
import { CreateButton } from '../parts/CreateButton';
import { ImportButton } from '../parts/ImportButton';
import { RecycleBin } from '../parts/RecycleBin';
import { RowMenu } from '../parts/RowMenu';

export function AutomationsPage() {
  const { t } = useTranslation('automations');
  const { q, status } = useSearch({ from: '/_app/automations' });
  const mayEdit = useMay('editor');
  const columns: ListColumn<Automation>[] = [
    {
      label: t('columns.name'),
      cell: (item) => (
        <LinkAnchor to="/automations/$id" params={{ id: String(item.id) }} {...listName}>
          {item.name}
        </LinkAnchor>
      ),
    },
    {
      label: t('columns.status'),
      cell: (item) => (
        <Badge color={statusColor[item.status]} miw="max-content">
          {t(`status.${item.status}`)}
        </Badge>
      ),
    },
    { label: t('columns.active'), isFigure: true, cell: (item) => formatNumber(item.active) },
    { label: t('columns.completed'), isFigure: true, isWide: true, cell: (item) => formatNumber(item.completed) },
    { label: t('columns.changed'), isFigure: true, isWide: true, cell: (item) => formatAgo(item.updated_at) },
  ];
  if (mayEdit) {
    columns.push({ label: t('columns.actions'), isUnnamed: true, cell: (item) => <RowMenu automation={item} /> });
  }
  return (
    <Page width={1040}>
      <PageHeader
        title={t('title')}
        description={t('subtitle')}
        actions={
          mayEdit && (
            <>
              <LinkAnchor to="/automations/map" size="sm" mr="xs">
                {t('map.open')}
              </LinkAnchor>
              <RecycleBin />
              <ImportButton />
              <CreateButton />
            </>
          )
        }
      />
      <ListCard
        label={t('title')}
        query={useQuery(automationsQuery(q ?? '', status))}
        columns={columns}
        empty={
          <EmptyView
            icon={<IconBolt size={26} stroke={1.6} />}
            title={t('empty.title')}
            description={t('empty.text')}
            actions={mayEdit && <CreateButton />}
          />
        }
      />
    </Page>
  );
}
