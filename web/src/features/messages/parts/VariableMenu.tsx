/** What can be done with a message variable; a locked one is unlocked first. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconLock, IconLockOpen, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import { useDeleteVariable, useLockVariable, type Variable } from '../library-api';

export function VariableMenu({ variable, onEdit }: { variable: Variable; onEdit: () => void }) {
  const { t } = useTranslation('messages');
  const [isAsking, setAsking] = useState(false);
  const lock = useLockVariable();
  const remove = useDeleteVariable();
  const { id, name, is_locked } = variable;
  const close = () => setAsking(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('more', { name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} disabled={is_locked} onClick={onEdit}>
            {t('variables.edit')}
          </Menu.Item>
          <Menu.Item
            leftSection={is_locked ? <IconLockOpen size={16} /> : <IconLock size={16} />}
            onClick={() => lock.mutate({ id, is_locked: !is_locked }, { onError: toastError })}
          >
            {t(is_locked ? 'variables.unlock' : 'variables.lock')}
          </Menu.Item>
          <Menu.Item
            color="red.8"
            leftSection={<IconTrash size={16} />}
            disabled={is_locked}
            onClick={() => setAsking(true)}
          >
            {t('delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={isAsking}
        title={t('variables.deleteTitle')}
        action={t('delete')}
        loading={remove.isPending}
        onClose={close}
        onConfirm={() => remove.mutate(id, { onError: toastError, onSettled: close })}
      >
        {t('variables.deleteText', { tag: variable.tag })}
      </ConfirmDialog>
    </>
  );
}
