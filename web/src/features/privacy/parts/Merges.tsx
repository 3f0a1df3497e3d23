/** What was merged lately, each with its way back. */
import { Badge, Button, Card, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/lib/format';
import { LinkAnchor } from '@/ui/links';
import { toast, toastError } from '@/ui/toast';
import { type Merge, mergesQuery, useUndoMerge } from '../merge-api';

export function Merges({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useTranslation('privacy');
  const { data } = useQuery(mergesQuery);
  if (!data || data.items.length === 0) return null;
  return (
    <Card padding="md" component="section" aria-label={t('merges.title')}>
      <Title order={2} size="h4" mb="xs">
        {t('merges.title')}
      </Title>
      {data.items.map((merge) => (
        <Row key={merge.id} merge={merge} mayEdit={mayEdit} />
      ))}
    </Card>
  );
}

function Row({ merge, mayEdit }: { merge: Merge; mayEdit: boolean }) {
  const { t } = useTranslation('privacy');
  const undo = useUndoMerge();
  const name = merge.old_name || merge.old_email || `#${merge.old_id}`;
  return (
    <Group justify="space-between" gap="sm" py={4} wrap="nowrap">
      <Group gap="xs" miw={0}>
        <LinkAnchor to="/contacts/$id" params={{ id: String(merge.contact_id) }} size="sm">
          {name}
        </LinkAnchor>
        {merge.old_name && (
          <Text size="xs" c="dimmed" truncate>
            {merge.old_email}
          </Text>
        )}
        {merge.is_automatic && <Badge size="xs">{t('merges.automatic')}</Badge>}
        <Text size="xs" c="dimmed">
          {formatAgo(merge.created_at)}
        </Text>
      </Group>
      {merge.undone_at ? (
        <Text size="xs" c="dimmed">
          {t('merges.undone')}
        </Text>
      ) : (
        mayEdit && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('merges.undoOne', { name })}
            loading={undo.isPending}
            onClick={() =>
              undo.mutate(merge.id, { onSuccess: () => toast(t('merges.done', { name })), onError: toastError })
            }
          >
            {t('merges.undo')}
          </Button>
        )
      )}
    </Group>
  );
}
