/** The addresses that mail comes from, each with how its domain stands. */
import { Badge, Box, Button, Group, Text } from '@mantine/core';
import { IconPencil, IconPlus, IconSend, IconStar, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ListCard } from '@/ui/ListCard';
import { LinkButton } from '@/ui/links';
import { EmptyView } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { domainsQuery, type Sender, sendersQuery, useDeleteSender, useMakeDefault } from '../api';
import { HealthBadge } from './HealthBadge';
import { type Action, RowActions } from './RowActions';
import { SenderDialog } from './SenderDialog';

const domainOf = (sender: Sender) => sender.from_email.split('@').pop()?.toLowerCase() ?? '';

export function SendersTab() {
  const { t } = useTranslation('senders');
  const query = useQuery(sendersQuery);
  const domains = useQuery(domainsQuery);
  const [edited, setEdited] = useState<Sender | 'new' | null>(null);
  const [deleted, setDeleted] = useState<Sender | null>(null);
  const makeDefault = useMakeDefault();
  const remove = useDeleteSender();
  const mayChange = useMay('admin');
  const add = mayChange && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      {t('senders.add')}
    </Button>
  );
  const actionsOf = (sender: Sender): Action[] => [
    { label: t('edit'), icon: <IconPencil size={16} />, onClick: () => setEdited(sender) },
    ...(sender.is_default
      ? []
      : [
          {
            label: t('senders.makeDefault'),
            icon: <IconStar size={16} />,
            onClick: () =>
              makeDefault.mutate(sender.id, {
                onSuccess: () => toast(t('senders.madeDefault', { email: sender.from_email })),
                onError: toastError,
              }),
          },
        ]),
    { label: t('delete'), icon: <IconTrash size={16} />, onClick: () => setDeleted(sender), isDangerous: true },
  ];
  const found = (sender: Sender) => domains.data?.items.find((domain) => domain.name === domainOf(sender));
  return (
    <>
      {query.data && query.data.items.length > 0 && (
        <Group justify="flex-end" mb="md">
          {add}
        </Group>
      )}
      <ListCard
        label={t('tabs.senders')}
        query={query}
        empty={
          <EmptyView
            icon={<IconSend size={26} stroke={1.6} />}
            title={t('senders.none')}
            description={t('senders.noneText')}
            actions={add}
          />
        }
        columns={[
          {
            label: t('senders.email'),
            cell: (sender) => (
              <Box miw={0}>
                <Group gap="xs">
                  <Text size="sm" fw={550}>
                    {sender.from_name || sender.from_email}
                  </Text>
                  {sender.is_default && <Badge variant="light">{t('senders.default')}</Badge>}
                </Group>
                {sender.from_name && (
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {sender.from_email}
                  </Text>
                )}
              </Box>
            ),
          },
          { label: t('senders.replyTo'), isWide: true, cell: (sender) => sender.reply_to || '–' },
          {
            label: t('senders.domain'),
            cell: (sender) =>
              found(sender) || !mayChange || !domains.data ? (
                <HealthBadge domain={found(sender)} />
              ) : (
                <LinkButton to="/senders" search={{ tab: 'domains', add: domainOf(sender) }} size="xs" variant="light">
                  {t('senders.addDomain', { domain: domainOf(sender) })}
                </LinkButton>
              ),
          },
          ...(mayChange
            ? [
                {
                  label: t('more', { name: '' }),
                  isUnnamed: true,
                  cell: (sender: Sender) => <RowActions name={sender.from_email} actions={actionsOf(sender)} />,
                },
              ]
            : []),
        ]}
      />
      {edited && <SenderDialog sender={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <ConfirmDialog
        opened={deleted !== null}
        title={t('senders.deleteTitle', { email: deleted?.from_email ?? '' })}
        action={t('delete')}
        loading={remove.isPending}
        onClose={() => setDeleted(null)}
        onConfirm={() =>
          deleted &&
          remove.mutate(deleted.id, {
            onSuccess: () => toast(t('senders.deleted')),
            onError: toastError,
            onSettled: () => setDeleted(null),
          })
        }
      >
        {t('senders.deleteText')}
      </ConfirmDialog>
    </>
  );
}
