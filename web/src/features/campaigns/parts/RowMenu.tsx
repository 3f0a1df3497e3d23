/** Duplicate or delete a campaign from the list. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastError } from '@/ui/toast';
import { type Campaign, useAct, useDeleteCampaign } from '../api';

export function RowMenu({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const [isAsking, setAsking] = useState(false);
  const act = useAct(campaign.id);
  const remove = useDeleteCampaign();
  const navigate = useNavigate();
  const isOver = ['draft', 'sent', 'cancelled'].includes(campaign.state);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('more', { name: campaign.name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconCopy size={16} />}
            onClick={() =>
              act.mutate('duplicate', {
                onSuccess: (made) => void navigate({ to: '/campaigns/$id', params: { id: String(made.id) } }),
                onError: toastError,
              })
            }
          >
            {t('duplicate')}
          </Menu.Item>
          {isOver && (
            <Menu.Item color="red.8" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
              {t('delete')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('deleteTitle')}
        action={t('delete')}
        loading={remove.isPending}
        onConfirm={() =>
          remove.mutate(campaign.id, {
            onSuccess: () => toast(t('deleted')),
            onError: toastError,
            onSettled: () => setAsking(false),
          })
        }
      >
        {t('deleteText', { name: campaign.name })}
      </ConfirmDialog>
    </>
  );
}
