/** The versions of a message: keep one, look at one, bring one back. */
import { ActionIcon, Badge, Button, Drawer, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconDeviceFloppy, IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '@/lib/format';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { type Message, previewQuery } from '../api';
import { restoreVersion, useKeepVersion, type VersionSummary, versionQuery, versionsQuery } from '../library-api';
import classes from '../messages.module.css';

type Props = { messageId: number; save: () => Promise<void>; onRestored: (message: Message) => void };

export function Versions({ messageId, save, onRestored }: Props) {
  const { t } = useTranslation('messages');
  const [isOpen, setOpen] = useState(false);
  const keeping = useKeepVersion(messageId);
  const keep = async () => {
    await save();
    keeping.mutate(undefined, { onSuccess: () => toast(t('versions.kept')), onError: toastError });
  };
  useHotkeys([['mod+S', () => void keep()]], [], true);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('versions.title')}
        title={t('versions.title')}
        onClick={() => setOpen(true)}
      >
        <IconHistory size={18} />
      </ActionIcon>
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="right"
        title={t('versions.title')}
        closeButtonProps={{ 'aria-label': t('cancel') }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {t('versions.text')}
          </Text>
          <Group>
            <Button
              leftSection={<IconDeviceFloppy size={16} />}
              loading={keeping.isPending}
              onClick={() => void keep()}
            >
              {t('versions.keep')}
            </Button>
          </Group>
          {isOpen && (
            <List
              messageId={messageId}
              onRestore={async (revision) => {
                await save();
                const message = await restoreVersion(messageId, revision).catch(toastError);
                if (!message) return;
                toast(t('versions.restored'));
                onRestored(message);
              }}
            />
          )}
        </Stack>
      </Drawer>
    </>
  );
}

function List({ messageId, onRestore }: { messageId: number; onRestore: (revision: number) => Promise<void> }) {
  const { t } = useTranslation('messages');
  const query = useQuery(versionsQuery(messageId));
  const [chosen, setChosen] = useState<number | null>(null);
  if (query.isPending) return <LoadingRows />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.items.length === 0) return <Text size="sm">{t('versions.none')}</Text>;
  return (
    <Stack gap="xs">
      {query.data.items.map((version) => (
        <div key={version.revision} className="card">
          <UnstyledButton
            p="sm"
            w="100%"
            aria-expanded={chosen === version.revision}
            onClick={() => setChosen(chosen === version.revision ? null : version.revision)}
          >
            <Line version={version} />
          </UnstyledButton>
          {chosen === version.revision && (
            <Stack gap="xs" p="sm" pt={0}>
              <Look messageId={messageId} revision={version.revision} />
              <Button variant="default" onClick={() => void onRestore(version.revision)}>
                {t('versions.restore')}
              </Button>
            </Stack>
          )}
        </div>
      ))}
    </Stack>
  );
}

function Line({ version }: { version: VersionSummary }) {
  const { t } = useTranslation('messages');
  return (
    <Group justify="space-between" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {formatMoment(version.created_at)}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {[version.user_name, version.subject].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Badge variant="light" color={version.reason === 'send' ? 'green' : 'gray'}>
        {t(`versions.reasons.${version.reason}`)}
      </Badge>
    </Group>
  );
}

function Look({ messageId, revision }: { messageId: number; revision: number }) {
  const { t } = useTranslation('messages');
  const { data: version } = useQuery(versionQuery(messageId, revision));
  const { data } = useQuery({
    ...previewQuery(
      version ?? { subject: '', preheader: '', document: { version: 1, kind: 'email', blocks: [] } },
      null,
    ),
    enabled: version !== undefined,
  });
  if (!version || !data) return <LoadingRows />;
  return <iframe className={classes.versionFrame} title={t('versions.look')} sandbox="" srcDoc={data.html} />;
}
