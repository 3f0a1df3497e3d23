/** Taking an import back: the button with its question, and what became of it. */
import { Alert, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconArrowBackUp, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatNumber } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkAnchor, LinkButton } from '@/ui/links';
import { toastError } from '@/ui/toast';
import { type Import, refusalsQuery, useUndo } from '../api';

const reasons = ['changed', 'deleted', 'subscription_changed', 'mailed', 'touched'] as const;

export function UndoButton({ item }: { item: Import }) {
  const { t } = useTranslation('imports');
  const [isAsking, setAsking] = useState(false);
  const undo = useUndo(item.id);
  const may = useMay('editor');
  const { created, updated } = item.progress;
  if (!may || created + updated === 0) return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconArrowBackUp size={16} />}
        loading={undo.isPending}
        onClick={() => setAsking(true)}
      >
        {t('undo.button')}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('undo.title')}
        action={t('undo.confirm')}
        onConfirm={() => {
          setAsking(false);
          undo.mutate(undefined, { onError: toastError });
        }}
      >
        <Text size="sm">{t('undo.text', { created: formatNumber(created), updated: formatNumber(updated) })}</Text>
        <Text size="sm" c="dimmed" mt="xs">
          {t('undo.hint')}
        </Text>
      </ConfirmDialog>
    </>
  );
}

export function UndoneStep({ item }: { item: Import }) {
  const { t } = useTranslation('imports');
  return (
    <Stack gap="md">
      <Card>
        <Title order={2} size="h4">
          {t('undo.done')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('undo.doneText', { number: formatNumber(item.undone) })}
        </Text>
        {item.undo_refused > 0 && <Refusals item={item} />}
      </Card>
      <Group>
        <LinkButton variant="default" to="/imports/new" leftSection={<IconUpload size={16} />}>
          {t('done.again')}
        </LinkButton>
      </Group>
    </Stack>
  );
}

function Refusals({ item }: { item: Import }) {
  const { t } = useTranslation('imports');
  const query = useQuery(refusalsQuery(item.id));
  return (
    <Alert
      color="yellow"
      mt="md"
      title={t('undo.refused', { count: item.undo_refused, number: formatNumber(item.undo_refused) })}
    >
      <List size="sm" spacing={2}>
        {query.data?.items.map(({ contact_id: id, reason }) => (
          <List.Item key={id}>
            <LinkAnchor to="/contacts/$id" params={{ id: String(id) }} size="sm">
              {t('undo.contact', { id })}
            </LinkAnchor>
            {': '}
            {t(`reasons.${reasons.find((known) => known === reason) ?? 'touched'}`)}
          </List.Item>
        ))}
      </List>
      {query.data?.next && <Text size="sm">{t('undo.more')}</Text>}
    </Alert>
  );
}
