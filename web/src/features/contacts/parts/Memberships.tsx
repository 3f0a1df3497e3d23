/** The tags and lists of one contact, added and taken away at once. */
import { ActionIcon, Badge, Box, Card, CloseButton, Group, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconPlus, IconUserMinus, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import type { Contact } from '@/pickers/api';
import { toastError } from '@/ui/toast';
import { type BulkAction, useBulk } from '../api';
import { ChooseDialog } from './ChooseDialog';
import { StatusBadge } from './StatusBadge';

export function Memberships({ contact }: { contact: Contact }) {
  const { t } = useTranslation('contacts');
  const [asked, setAsked] = useState<'tag' | 'list' | null>(null);
  const bulk = useBulk();
  const mayEdit = useMay('editor');
  const run = (action: BulkAction, id: number) =>
    bulk.mutate(
      { contact_ids: [contact.id], action, ...(action.endsWith('tag') ? { tag_id: id } : { list_id: id }) },
      { onSuccess: () => setAsked(null), onError: toastError },
    );

  return (
    <Card padding="md">
      <Head title={t('list.tags')} action={t('profile.addTag')} onAdd={mayEdit ? () => setAsked('tag') : undefined} />
      <Group gap={6}>
        {contact.tags.map((tag) => (
          <Badge
            key={tag.id}
            variant="default"
            fw={500}
            size="lg"
            fz={12}
            pr={mayEdit ? 3 : undefined}
            rightSection={
              mayEdit && (
                <CloseButton
                  size={18}
                  iconSize={12}
                  aria-label={t('profile.removeTag', { name: tag.name })}
                  onClick={() => run('remove_tag', tag.id)}
                />
              )
            }
          >
            {tag.name}
          </Badge>
        ))}
        {contact.tags.length === 0 && <Nothing text={t('profile.noTags')} />}
      </Group>
      <Box mt="md">
        <Head
          title={t('list.lists')}
          action={t('profile.addList')}
          onAdd={mayEdit ? () => setAsked('list') : undefined}
        />
        <Stack gap={6}>
          {contact.lists.map((list) => {
            const isOff = list.status === 'unsubscribed' || list.status === 'bounced';
            const label = t(isOff ? 'profile.subscribeTo' : 'profile.unsubscribeFrom', { name: list.name });
            return (
              <Group key={list.id} justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" truncate>
                  {list.name}
                </Text>
                <Group gap={4} wrap="nowrap">
                  <StatusBadge status={list.status} />
                  {mayEdit && (
                    <Tooltip label={label}>
                      <ActionIcon
                        size="sm"
                        aria-label={label}
                        onClick={() => run(isOff ? 'subscribe' : 'unsubscribe', list.id)}
                      >
                        {isOff ? <IconUserPlus size={15} /> : <IconUserMinus size={15} />}
                      </ActionIcon>
                    </Tooltip>
                  )}
                </Group>
              </Group>
            );
          })}
          {contact.lists.length === 0 && <Nothing text={t('profile.noLists')} />}
        </Stack>
      </Box>
      {asked && (
        <ChooseDialog
          kind={asked}
          title={t(asked === 'tag' ? 'profile.addTag' : 'profile.addList')}
          action={t('profile.addAction')}
          isLoading={bulk.isPending}
          mayCreate
          onChoose={(id) => run(asked === 'tag' ? 'add_tag' : 'subscribe', id)}
          onClose={() => setAsked(null)}
        />
      )}
    </Card>
  );
}

function Head({ title, action, onAdd }: { title: string; action: string; onAdd?: () => void }) {
  return (
    <Group justify="space-between" mb={6}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {onAdd && (
        <Tooltip label={action}>
          <ActionIcon aria-label={action} onClick={onAdd}>
            <IconPlus size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}

function Nothing({ text }: { text: string }) {
  return (
    <Text size="sm" c="dimmed">
      {text}
    </Text>
  );
}
