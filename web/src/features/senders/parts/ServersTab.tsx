/** Mail servers: in use or resting, what each takes, and a test through it. */
import { Badge, Box, Button, Group, Text } from '@mantine/core';
import { IconPencil, IconPlus, IconSend, IconServer, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ListCard } from '@/ui/ListCard';
import { EmptyView } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { type Server, serversQuery, useDeleteServer } from '../api';
import { isResting } from '../model';
import { RowActions } from './RowActions';
import { ServerDialog } from './ServerDialog';
import { TestDialog } from './TestDialog';

export function ServersTab() {
  const { t } = useTranslation('senders');
  const query = useQuery(serversQuery);
  const [edited, setEdited] = useState<Server | 'new' | null>(null);
  const [tested, setTested] = useState<Server | null>(null);
  const [deleted, setDeleted] = useState<Server | null>(null);
  const remove = useDeleteServer();
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      {t('servers.add')}
    </Button>
  );
  const actionsOf = (server: Server) => [
    { label: t('servers.test'), icon: <IconSend size={16} />, onClick: () => setTested(server) },
    { label: t('edit'), icon: <IconPencil size={16} />, onClick: () => setEdited(server) },
    { label: t('delete'), icon: <IconTrash size={16} />, onClick: () => setDeleted(server), isDangerous: true },
  ];
  return (
    <>
      {query.data && query.data.items.length > 0 && (
        <Group justify="flex-end" mb="md">
          {add}
        </Group>
      )}
      <ListCard
        label={t('tabs.servers')}
        query={query}
        empty={
          <EmptyView
            icon={<IconServer size={26} stroke={1.6} />}
            title={t('servers.none')}
            description={t('servers.noneText')}
            actions={add}
          />
        }
        columns={[
          {
            label: t('servers.name'),
            cell: (server) => (
              <Box miw={0}>
                <Text size="sm" fw={550}>
                  {server.name}
                </Text>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {server.host}:{server.port}
                </Text>
              </Box>
            ),
          },
          { label: t('servers.enabled'), cell: (server) => <ServerState server={server} /> },
          {
            label: t('servers.domains'),
            isWide: true,
            cell: (server) => server.domains.join(', ') || t('servers.everyDomain'),
          },
          { label: t('servers.weight'), isFigure: true, isWide: true, cell: (server) => server.weight },
          {
            label: t('more', { name: '' }),
            isUnnamed: true,
            cell: (server) => <RowActions name={server.name} actions={actionsOf(server)} />,
          },
        ]}
      />
      {edited && <ServerDialog server={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      {tested && <TestDialog server={tested} onClose={() => setTested(null)} />}
      <ConfirmDialog
        opened={deleted !== null}
        title={t('servers.deleteTitle', { name: deleted?.name ?? '' })}
        action={t('delete')}
        loading={remove.isPending}
        onClose={() => setDeleted(null)}
        onConfirm={() =>
          deleted &&
          remove.mutate(deleted.id, {
            onSuccess: () => toast(t('servers.deleted')),
            onError: toastError,
            onSettled: () => setDeleted(null),
          })
        }
      >
        {t('servers.deleteText')}
      </ConfirmDialog>
    </>
  );
}

function ServerState({ server }: { server: Server }) {
  const { t } = useTranslation('senders');
  if (!server.is_enabled) return <Badge color="gray">{t('servers.states.off')}</Badge>;
  if (!isResting(server)) return <Badge color="green">{t('servers.states.working')}</Badge>;
  return (
    <Box>
      <Badge color="orange">{t('servers.states.resting')}</Badge>
      <Text size="xs" c="dimmed" mt={2} style={{ overflowWrap: 'anywhere' }}>
        {server.problem}; {t('servers.again', { at: formatMoment(server.open_until ?? '') })}
      </Text>
    </Box>
  );
}
