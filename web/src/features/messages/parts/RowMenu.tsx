/** Duplicate or delete a message from the list. */
import { Menu } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ItemMenu } from '@/pickers/ItemMenu';
import { toastError } from '@/ui/toast';
import { type MessageSummary, useDeleteMessage, useDuplicateMessage } from '../api';

export function RowMenu({ message }: { message: MessageSummary }) {
  const { t } = useTranslation('messages');
  const duplicate = useDuplicateMessage();
  const remove = useDeleteMessage();
  return (
    <ItemMenu
      noun="message"
      id={message.id}
      label={t('more', { name: message.name })}
      deletion={{
        label: t('delete'),
        title: t('deleteTitle'),
        text: t('deleteText', { name: message.name }),
        loading: remove.isPending,
        run: (done) => remove.mutate(message.id, { onError: toastError, onSettled: done }),
      }}
    >
      <Menu.Item
        leftSection={<IconCopy size={16} />}
        onClick={() => duplicate.mutate(message.id, { onError: toastError })}
      >
        {t('duplicate')}
      </Menu.Item>
    </ItemMenu>
  );
}
