/** Start, pause or delete an automation from the list. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { UsedBy } from '@/pickers/UsedBy';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import { type Automation, useAutomationAction } from '../api';

export function RowMenu({ automation }: { automation: Automation }) {
  const { t } = useTranslation('automations');
  const act = useAutomationAction(automation.id);
  const [isAsking, setAsking] = useState(false);
  const isRunning = automation.status === 'active';
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('more', { name: automation.name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={isRunning ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
            onClick={() => act.mutate(isRunning ? 'pause' : 'activate', { onError: toastError })}
          >
            {isRunning ? t('pause') : t('activate')}
          </Menu.Item>
          <Menu.Item color="red.8" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
            {t('delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={isAsking}
        title={t('deleteTitle')}
        action={t('delete')}
        loading={act.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => act.mutate('delete', { onError: toastError, onSettled: () => setAsking(false) })}
      >
        {t('deleteText', { name: automation.name })}
        {isAsking && <UsedBy noun="automation" id={automation.id} />}
      </ConfirmDialog>
    </>
  );
}
