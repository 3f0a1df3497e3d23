/** What was sent to a contact, and what came back. */
import { Badge, Text } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatMoment } from '@/lib/format';
import { ListCard, type ListColumn, listName } from '@/ui/ListCard';
import { LinkAnchor } from '@/ui/links';
import { EmptyView } from '@/ui/States';
import { type ContactMessage, contactMessagesQuery } from '../api';
import { ledgerStates, wordOf } from '../model';

const stateColor = { queued: 'gray', sending: 'orange', sent: 'teal', failed: 'red', suppressed: 'yellow' } as const;

/** Yet to come, but not as far off as the time of what a campaign holds. */
const isAhead = (at: string, now = Date.now()) => Date.parse(at) > now && Date.parse(at) < now + 1e12;

export function MessagesTab({ contactId }: { contactId: number }) {
  const { t } = useTranslation('contacts');
  const columns: ListColumn<ContactMessage>[] = [
    {
      label: t('messages.message'),
      cell: (row) => {
        const due = row.state === 'queued' && row.due_at && isAhead(row.due_at) ? row.due_at : null;
        const why = row.reason ?? (wordOf(ledgerStates, row.state) === 'failed' ? row.smtp_reply : null);
        return (
          <>
            <LinkAnchor to="/messages/$id" params={{ id: String(row.message_id) }} {...listName}>
              {row.message_name || row.subject || `#${row.message_id}`}
            </LinkAnchor>
            {why && (
              <Text size="xs" c="dimmed">
                {why}
              </Text>
            )}
            {due && (
              <Text size="xs" c="dimmed">
                {t('messages.due', { at: formatMoment(due) })}
              </Text>
            )}
          </>
        );
      },
    },
    {
      label: t('messages.state'),
      cell: (row) => {
        const state = wordOf(ledgerStates, row.state);
        return <Badge color={stateColor[state]}>{t(`messages.states.${state}`)}</Badge>;
      },
    },
    { label: t('messages.opened'), isFigure: true, cell: (row) => row.open_count || '–' },
    { label: t('messages.clicked'), isFigure: true, cell: (row) => row.click_count || '–' },
    {
      label: t('messages.when'),
      isFigure: true,
      isWide: true,
      cell: (row) => formatAgo(row.sent_at ?? row.created_at),
    },
  ];
  return (
    <ListCard
      label={t('profile.tabs.messages')}
      query={useQuery(contactMessagesQuery(contactId))}
      columns={columns}
      empty={
        <EmptyView
          icon={<IconMail size={26} stroke={1.6} />}
          title={t('messages.none')}
          description={t('messages.noneText')}
          height={240}
        />
      }
    />
  );
}
