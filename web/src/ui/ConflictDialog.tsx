/** Shown when a document was changed elsewhere; the newest version is loaded before anything else. */
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from './ConfirmDialog';

export function ConflictDialog({ opened }: { opened: boolean }) {
  const { t } = useTranslation('ui');
  const reload = () => window.location.reload();
  return (
    <ConfirmDialog
      opened={opened}
      title={t('conflict.title')}
      action={t('conflict.reload')}
      onClose={reload}
      onConfirm={reload}
    >
      {t('conflict.text')}
    </ConfirmDialog>
  );
}
