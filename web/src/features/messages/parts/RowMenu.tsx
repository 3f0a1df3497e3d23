/** Duplicate a message of the list, keep it as a template, or delete it. */
import { Menu } from '@mantine/core';
import { IconCopy, IconTemplate } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ItemMenu } from '@/pickers/ItemMenu';
import { toast, toastError } from '@/ui/toast';
import { type MessageSummary, useDeleteMessage, useDuplicateMessage } from '../api';
import { useSaveTemplate } from '../library-api';

export function RowMenu({ message }: { message: MessageSummary }) {
  const { t } = useTranslation('messages');
  const duplicate = useDuplicateMessage();
  const remove = useDeleteMessage();
  const keep = useSaveTemplate();
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
      <Menu.Item
        leftSection={<IconTemplate size={16} />}
        onClick={() =>
          keep.mutate(message.id, {
            onSuccess: (made) => toast(t('templates.saved', { name: made.name })),
            onError: toastError,
          })
        }
      >
        {t('templates.save')}
      </Menu.Item>
    </ItemMenu>
  );
}
