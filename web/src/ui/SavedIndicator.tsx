/** The small word in a builder's bar that says whether the work is safe. */
import { Group, Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export type SaveState = 'saved' | 'saving' | 'dirty' | 'failed';

export function SavedIndicator({ state }: { state: SaveState }) {
  const { t } = useTranslation('ui');
  return (
    <Group gap={5} wrap="nowrap" role="status" c={state === 'failed' ? 'red' : 'dimmed'}>
      {state === 'saving' && <Loader size={12} color="gray" aria-hidden />}
      {state === 'saved' && <IconCheck size={14} aria-hidden />}
      {state === 'failed' && <IconAlertTriangle size={14} aria-hidden />}
      <Text size="xs" c="inherit" style={{ whiteSpace: 'nowrap' }}>
        {t(`saved.${state}`)}
      </Text>
    </Group>
  );
}
