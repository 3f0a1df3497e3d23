/** Duplicate or delete a segment. */
import { ActionIcon, type ActionIconProps, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconFileDownload, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportDialog } from '@/pickers/export/ExportDialog';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastError } from '@/ui/toast';
import { type Segment, useCreateSegment, useDeleteSegment } from '../api';

type Props = ActionIconProps & { segment: Segment };

export function SegmentMenu({ segment, ...rest }: Props) {
  const { t } = useTranslation('segments');
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const [isExporting, setExporting] = useState(false);
  const create = useCreateSegment();
  const remove = useDeleteSegment();
  const { name, condition } = segment;
  const copy = () =>
    create.mutate(
      { name: t('copyOf', { name }), condition },
      {
        onSuccess: (made) => void navigate({ to: '/segments/$id', params: { id: String(made.id) } }),
        onError: toastError,
      },
    );
  const drop = () =>
    remove.mutate(segment.id, {
      onSuccess: () => {
        toast(t('deleted', { name }));
        void navigate({ to: '/segments' });
      },
      onError: toastError,
      onSettled: () => setAsking(false),
    });
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={t('actions', { name })} {...rest}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={15} />} onClick={copy}>
            {t('duplicate')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFileDownload size={15} />} onClick={() => setExporting(true)}>
            {t('export')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setAsking(true)}>
            {t('delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ExportDialog
        opened={isExporting}
        onClose={() => setExporting(false)}
        selection={{ segment_id: segment.id }}
        name={name}
      />
      <ConfirmDialog
        opened={isAsking}
        title={t('deleteTitle', { name })}
        action={t('delete')}
        loading={remove.isPending}
        onConfirm={drop}
        onClose={() => setAsking(false)}
      >
        {t('deleteText')}
      </ConfirmDialog>
    </>
  );
}
