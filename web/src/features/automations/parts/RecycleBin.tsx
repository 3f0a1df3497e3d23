/** Deleted automations: each can be brought back for a while, or removed for good. */
import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatDay } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { binQuery, type Deleted, useRemove, useRestore } from '../bin-api';

export function RecycleBin() {
  const { t } = useTranslation('automations');
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Anchor component="button" type="button" size="sm" mr="xs" onClick={open}>
        {t('bin.open')}
      </Anchor>
      <Modal
        opened={opened}
        onClose={close}
        title={t('bin.title')}
        closeButtonProps={{ 'aria-label': t('inspector.close') }}
      >
        <Content />
      </Modal>
    </>
  );
}

function Content() {
  const { t } = useTranslation('automations');
  const bin = useQuery(binQuery);
  const [leaving, setLeaving] = useState<Deleted | null>(null);
  const remove = useRemove();
  if (bin.isPending) return <LoadingRows count={3} />;
  if (bin.isError) return <ErrorView error={bin.error} onRetry={() => void bin.refetch()} />;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {bin.data.items.length > 0 ? t('bin.text') : t('bin.empty')}
      </Text>
      {bin.data.items.map((item) => (
        <Row key={item.id} item={item} onRemove={() => setLeaving(item)} />
      ))}
      <ConfirmDialog
        opened={leaving !== null}
        title={t('bin.removeTitle')}
        action={t('bin.remove')}
        loading={remove.isPending}
        onClose={() => setLeaving(null)}
        onConfirm={() =>
          leaving && remove.mutate(leaving.id, { onError: toastError, onSettled: () => setLeaving(null) })
        }
      >
        {t('bin.removeText', { name: leaving?.name ?? '' })}
      </ConfirmDialog>
    </Stack>
  );
}

function Row({ item, onRemove }: { item: Deleted; onRemove: () => void }) {
  const { t } = useTranslation('automations');
  const restore = useRestore();
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600} truncate>
          {item.name}
        </Text>
        <Text size="xs" c="dimmed">
          {t('bin.since', { ago: formatAgo(item.deleted_at), day: formatDay(item.gone_at) })}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        <Button
          size="compact-sm"
          variant="default"
          loading={restore.isPending}
          aria-label={t('bin.restoreOne', { name: item.name })}
          onClick={() =>
            restore.mutate(item.id, {
              onSuccess: () => toast(t('bin.restored', { name: item.name })),
              onError: toastError,
            })
          }
        >
          {t('bin.restore')}
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          aria-label={t('bin.removeOne', { name: item.name })}
          onClick={onRemove}
        >
          {t('bin.remove')}
        </Button>
      </Group>
    </Group>
  );
}
