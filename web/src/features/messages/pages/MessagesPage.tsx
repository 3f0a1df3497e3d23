/** All messages. */
import { IconBraces, IconMail, IconPalette } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo } from '@/lib/format';
import { ListCard, type ListColumn, listName } from '@/ui/ListCard';
import { LinkAnchor, LinkButton } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView } from '@/ui/States';
import { type MessageSummary, messagesQuery } from '../api';
import { NewMessage } from '../parts/NewMessage';
import { RowMenu } from '../parts/RowMenu';

export function MessagesPage() {
  const { t } = useTranslation('messages');
  const { q } = useSearch({ from: '/_app/messages' });
  const mayEdit = useMay('editor');
  const columns: ListColumn<MessageSummary>[] = [
    {
      label: t('columns.name'),
      cell: (item) => (
        <LinkAnchor to="/messages/$id" params={{ id: String(item.id) }} {...listName}>
          {item.name}
        </LinkAnchor>
      ),
    },
    { label: t('columns.subject'), isWide: true, cell: (item) => item.subject || '–' },
    { label: t('columns.changed'), isFigure: true, cell: (item) => formatAgo(item.updated_at) },
  ];
  if (mayEdit) {
    columns.push({ label: t('columns.actions'), isUnnamed: true, cell: (item) => <RowMenu message={item} /> });
  }
  return (
    <Page width={1040}>
      <PageHeader
        title={t('title')}
        description={t('subtitle')}
        actions={
          <>
            <LinkButton to="/messages/variables" variant="default" leftSection={<IconBraces size={16} />}>
              {t('variables.open')}
            </LinkButton>
            <LinkButton to="/messages/brand" variant="default" leftSection={<IconPalette size={16} />}>
              {t('brand.open')}
            </LinkButton>
            {mayEdit && <NewMessage />}
          </>
        }
      />
      <ListCard
        label={t('title')}
        query={useQuery(messagesQuery(q ?? ''))}
        columns={columns}
        empty={
          <EmptyView
            icon={<IconMail size={26} stroke={1.6} />}
            title={t('empty.title')}
            description={t('empty.text')}
            actions={mayEdit && <NewMessage />}
          />
        }
      />
    </Page>
  );
}
