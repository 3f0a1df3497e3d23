/** The server at work on an import, or waiting to go on: its bar, and what can be done meanwhile. */
import { Progress as Bar, Button, Card, Group, Text, Title } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatNumber } from '@/lib/format';
import { toastError } from '@/ui/toast';
import { type Import, useCancel, usePause, useResume } from '../api';
import { shareDone, shareUndone } from '../model';
import { Counts } from './Counts';

export function Working({ item }: { item: Import }) {
  const { t } = useTranslation('imports');
  const isUndoing = item.state === 'undoing';
  const isPaused = item.state === 'paused';
  const share = isUndoing ? shareUndone(item) : shareDone(item.progress);
  const label = t(`states.${item.state}`);
  return (
    <Card>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {label}
        </Title>
        <Text size="sm" c="dimmed" className="num" aria-live="polite">
          {isUndoing
            ? t('working.undone', { number: formatNumber(item.undone) })
            : t('working.rows', { number: formatNumber(item.progress.rows_done) })}
          {!isUndoing && item.progress.rows_total ? ` / ${formatNumber(item.progress.rows_total)}` : ''}
          {share !== null && ` · ${Math.floor(share)} %`}
        </Text>
      </Group>
      <Bar
        value={share ?? 100}
        color={isPaused ? 'yellow' : undefined}
        animated={share === null}
        striped={share === null}
        size="lg"
        radius="xl"
        aria-label={label}
      />
      <Group justify="space-between" my="md" gap="xs">
        <Text size="sm" c="dimmed">
          {t(isPaused ? 'working.waits' : 'working.leave')}
        </Text>
        {!isUndoing && <Controls item={item} />}
      </Group>
      <Counts progress={item.progress} />
    </Card>
  );
}

function Controls({ item }: { item: Import }) {
  const { t } = useTranslation('imports');
  const may = useMay('editor');
  const pause = usePause(item.id);
  const resume = useResume(item.id);
  const cancel = useCancel(item.id);
  if (!may) return null;
  const onError = { onError: toastError };
  return (
    <Group gap="xs">
      {item.state === 'running' && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerPause size={14} />}
          loading={pause.isPending}
          onClick={() => pause.mutate(undefined, onError)}
        >
          {t('working.pause')}
        </Button>
      )}
      {item.state === 'paused' && (
        <Button
          size="xs"
          leftSection={<IconPlayerPlay size={14} />}
          loading={resume.isPending}
          onClick={() => resume.mutate(undefined, onError)}
        >
          {t('working.resume')}
        </Button>
      )}
      <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(undefined, onError)}>
        {t('working.stop')}
      </Button>
    </Group>
  );
}
