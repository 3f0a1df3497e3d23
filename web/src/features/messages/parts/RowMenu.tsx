/** Duplicate or delete a message from the list. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { UsedBy } from '@/pickers/UsedBy';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import { type MessageSummary, useDeleteMessage, useDuplicateMessage } from '../api';

export function RowMenu({ message }: { message: MessageSummary }) {
  const { t } = useTranslation('messages');
  const duplicate = useDuplicateMessage();
  const remove = useDeleteMessage();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('more', { name: message.name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconCopy size={16} />}
            onClick={() => duplicate.mutate(message.id, { onError: toastError })}
          >
            {t('duplicate')}
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
        loading={remove.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate(message.id, { onError: toastError, onSettled: () => setAsking(false) })}
      >
        {t('deleteText', { name: message.name })}
        {isAsking && <UsedBy noun="message" id={message.id} />}
      </ConfirmDialog>
    </>
  );
}
