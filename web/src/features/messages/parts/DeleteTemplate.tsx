/** Takes a saved template away, once asked. */
import { ActionIcon } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import type { Template } from '../api';
import { useDeleteTemplate } from '../library-api';
import classes from '../messages.module.css';

export function DeleteTemplate({ template }: { template: Template }) {
  const { t } = useTranslation('messages');
  const mayEdit = useMay('editor');
  const [isAsking, setAsking] = useState(false);
  const remove = useDeleteTemplate();
  const close = () => setAsking(false);
  if (!mayEdit) return null;
  return (
    <>
      <ActionIcon
        className={classes.deleteTemplate}
        variant="default"
        aria-label={t('templates.delete', { name: template.name })}
        onClick={() => setAsking(true)}
      >
        <IconTrash size={16} />
      </ActionIcon>
      <ConfirmDialog
        opened={isAsking}
        title={t('templates.deleteTitle')}
        action={t('delete')}
        loading={remove.isPending}
        onClose={close}
        onConfirm={() => remove.mutate(template.id, { onError: toastError, onSettled: close })}
      >
        {t('templates.deleteText', { name: template.name })}
      </ConfirmDialog>
    </>
  );
}
