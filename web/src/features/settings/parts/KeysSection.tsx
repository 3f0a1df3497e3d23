/** Keys for programs. The secret is shown once, right after it was made. */
import { ActionIcon, Alert, Box, Button, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy, IconKey, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { useMay } from '@/api/session';
import { formatAgo, formatDate } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { CopyValue } from '@/ui/CopyValue';
import { EmptyView } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type ApiKey, apiKeysQuery, useAddKey, useRemoveKey } from '../api';
import classes from '../settings.module.css';
import { Section } from './Section';

export function KeysSection() {
  const { t } = useTranslation('settings');
  const query = useQuery(apiKeysQuery);
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<ApiKey | null>(null);
  const remove = useRemoveKey();
  const mayChange = useMay('admin');
  return (
    <>
      <Section
        title={t('keys.title')}
        text={t('keys.text')}
        query={query}
        action={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {t('keys.add')}
            </Button>
          )
        }
      >
        {({ items }) =>
          items.length === 0 ? (
            <EmptyView icon={<IconKey size={26} stroke={1.6} />} title={t('keys.none')} height={200} />
          ) : (
            <Stack gap={0} component="ul" className={classes.rows}>
              {items.map((key) => (
                <li key={key.id} className={classes.row}>
                  <Box flex={1} miw={0}>
                    <Text size="sm" fw={550} truncate>
                      {key.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      <Code>{key.prefix}…</Code> · {t('keys.made', { date: formatDate(key.created_at) })} ·{' '}
                      {key.last_used_at ? t('keys.used', { ago: formatAgo(key.last_used_at) }) : t('keys.neverUsed')}
                    </Text>
                  </Box>
                  <ActionIcon aria-label={t('keys.removeOne', { name: key.name })} onClick={() => setRemoved(key)}>
                    <IconTrash size={16} />
                  </ActionIcon>
                </li>
              ))}
            </Stack>
          )
        }
      </Section>
      {isAdding && <AddKeyDialog onClose={() => setAdding(false)} />}
      <ConfirmDialog
        opened={removed !== null}
        title={t('keys.removeTitle', { name: removed?.name ?? '' })}
        action={t('keys.remove')}
        loading={remove.isPending}
        onConfirm={() =>
          removed && remove.mutate(removed.id, { onSuccess: () => setRemoved(null), onError: toastError })
        }
        onClose={() => setRemoved(null)}
      >
        {t('keys.removeText')}
      </ConfirmDialog>
    </>
  );
}

function AddKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const [name, setName] = useState('');
  const add = useAddKey();
  const made = add.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={made ? t('keys.ready') : t('keys.add')}
      closeOnClickOutside={!made}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {made ? (
        <Stack gap="md">
          <Alert color="yellow" py="xs">
            {t('keys.once')}
          </Alert>
          <Group gap="xs" wrap="nowrap">
            <TextInput flex={1} readOnly aria-label={t('keys.secret')} value={made.key} ff="monospace" />
            <CopyValue value={made.key}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  onClick={copy}
                  leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                >
                  {copied ? t('keys.copied') : t('keys.copy')}
                </Button>
              )}
            </CopyValue>
          </Group>
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('keys.done')}</Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim()) add.mutate(name.trim());
          }}
        >
          <TextInput
            label={t('keys.name')}
            description={t('keys.nameHint')}
            data-autofocus
            value={name}
            error={add.isError ? messageOf(add.error) : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs" mt="lg">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={!name.trim()} loading={add.isPending}>
              {t('keys.add')}
            </Button>
          </Group>
        </form>
      )}
    </Modal>
  );
}
