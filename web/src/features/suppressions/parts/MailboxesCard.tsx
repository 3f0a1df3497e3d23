/** Mailboxes that are asked for bounces, each with how the last look went. */
import { ActionIcon, Badge, Box, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorView } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { type Mailbox, mailboxesQuery, useDeleteMailbox } from '../api';
import { MailboxDialog } from './MailboxDialog';

export function MailboxesCard() {
  const { t } = useTranslation('suppressions');
  const query = useQuery(mailboxesQuery);
  const [edited, setEdited] = useState<Mailbox | 'new' | null>(null);
  const [deleted, setDeleted] = useState<Mailbox | null>(null);
  const remove = useDeleteMailbox();
  return (
    <Card>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h3">
          {t('mailboxes.title')}
        </Title>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
          {t('mailboxes.add')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('mailboxes.text')}
      </Text>
      {query.isError && <ErrorView error={query.error} onRetry={() => void query.refetch()} height={160} />}
      <Stack gap="sm">
        {query.data?.items.map((box) => (
          <Group key={box.id} wrap="nowrap" gap="xs">
            <Box flex={1} miw={0}>
              <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
                {box.username} · {box.host}
              </Text>
              <Text size="xs" c={box.problem ? 'red' : 'dimmed'} style={{ overflowWrap: 'anywhere' }}>
                {box.problem ??
                  (box.checked_at ? t('mailboxes.checked', { at: formatAgo(box.checked_at) }) : t('mailboxes.never'))}
              </Text>
            </Box>
            {!box.is_enabled && <Badge color="gray">{t('mailboxes.off')}</Badge>}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('mailboxes.edit', { name: box.username })}
              onClick={() => setEdited(box)}
            >
              <IconPencil size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('mailboxes.delete', { name: box.username })}
              onClick={() => setDeleted(box)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
      {edited && <MailboxDialog mailbox={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <ConfirmDialog
        opened={deleted !== null}
        title={t('mailboxes.delete', { name: deleted?.username ?? '' })}
        action={t('removeAction')}
        loading={remove.isPending}
        onClose={() => setDeleted(null)}
        onConfirm={() =>
          deleted &&
          remove.mutate(deleted.id, {
            onSuccess: () => toast(t('removed')),
            onError: toastError,
            onSettled: () => setDeleted(null),
          })
        }
      >
        {t('mailboxes.deleteText')}
      </ConfirmDialog>
    </Card>
  );
}
