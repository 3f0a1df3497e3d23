/** Undo and redo, with their keys. */
import { ActionIcon } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

type Props = { canUndo: boolean; canRedo: boolean; undo: () => void; redo: () => void };

export function HistoryButtons({ canUndo, canRedo, undo, redo }: Props) {
  const { t } = useTranslation('ui');
  useHotkeys([
    ['mod+Z', undo],
    ['mod+shift+Z', redo],
    ['mod+Y', redo],
  ]);
  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={t('undo')} disabled={!canUndo} onClick={undo}>
        <IconArrowBackUp size={18} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={t('redo')} disabled={!canRedo} onClick={redo}>
        <IconArrowForwardUp size={18} />
      </ActionIcon>
    </>
  );
}
