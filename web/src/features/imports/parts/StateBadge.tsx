import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportState } from '../api';

const colors: Record<ImportState, string> = {
  uploaded: 'gray',
  checking: 'orange',
  checked: 'cyan',
  running: 'orange',
  completed: 'teal',
  failed: 'red',
  cancelled: 'gray',
  paused: 'yellow',
  undoing: 'orange',
  undone: 'gray',
};

export function StateBadge({ state }: { state: ImportState }) {
  const { t } = useTranslation('imports');
  return <Badge color={colors[state]}>{t(`states.${state}`)}</Badge>;
}
