/** Start, pause, copy, keep as a file or delete an automation from the list. */
import { Menu } from '@mantine/core';
import { IconCopy, IconDownload, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ItemMenu } from '@/pickers/ItemMenu';
import { toast, toastError } from '@/ui/toast';
import { toastUndo } from '@/ui/undo-toast';
import { type Automation, useAutomationAction } from '../api';
import { useRestore } from '../bin-api';
import { fileUrl, useCopyAutomation } from '../version-api';

export function RowMenu({ automation }: { automation: Automation }) {
  const { t } = useTranslation('automations');
  const act = useAutomationAction(automation.id);
  const copy = useCopyAutomation();
  const restore = useRestore();
  const isRunning = automation.status === 'active';
  return (
    <ItemMenu
      noun="automation"
      id={automation.id}
      label={t('more', { name: automation.name })}
      deletion={{
        label: t('delete'),
        title: t('deleteTitle'),
        text: t('deleteText', { name: automation.name }),
        loading: act.isPending,
        run: (done) =>
          act.mutate('delete', {
            onSuccess: () =>
              toastUndo(t('bin.moved', { name: automation.name }), t('bin.undo'), () =>
                restore.mutate(automation.id, { onError: toastError }),
              ),
            onError: toastError,
            onSettled: done,
          }),
      }}
    >
      <Menu.Item
        leftSection={isRunning ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
        onClick={() => act.mutate(isRunning ? 'pause' : 'activate', { onError: toastError })}
      >
        {isRunning ? t('pause') : t('activate')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconCopy size={16} />}
        onClick={() =>
          copy.mutate(automation.id, {
            onSuccess: (made) => toast(t('file.copied', { name: made.name })),
            onError: toastError,
          })
        }
      >
        {t('file.copy')}
      </Menu.Item>
      <Menu.Item
        component="a"
        href={fileUrl(automation.id)}
        download={`${automation.name}.json`}
        leftSection={<IconDownload size={16} />}
      >
        {t('file.save')}
      </Menu.Item>
    </ItemMenu>
  );
}
