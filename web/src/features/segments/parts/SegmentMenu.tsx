/** Duplicate or delete a segment. */
import { type ActionIconProps, Menu } from '@mantine/core';
import { IconCopy, IconFileDownload } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportDialog } from '@/pickers/export/ExportDialog';
import { ItemMenu } from '@/pickers/ItemMenu';
import { toast, toastError } from '@/ui/toast';
import { type Segment, useCreateSegment, useDeleteSegment } from '../api';

type Props = ActionIconProps & { segment: Segment };

export function SegmentMenu({ segment, ...rest }: Props) {
  const { t } = useTranslation('segments');
  const navigate = useNavigate();
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
  const drop = (done: () => void) =>
    remove.mutate(segment.id, {
      onSuccess: () => {
        toast(t('deleted', { name }));
        void navigate({ to: '/segments' });
      },
      onError: toastError,
      onSettled: done,
    });
  return (
    <>
      <ItemMenu
        noun="segment"
        id={segment.id}
        label={t('actions', { name })}
        button={rest}
        deletion={{
          label: t('delete'),
          title: t('deleteTitle', { name }),
          text: t('deleteText'),
          loading: remove.isPending,
          run: drop,
        }}
      >
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={copy}>
          {t('duplicate')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileDownload size={16} />} onClick={() => setExporting(true)}>
          {t('export')}
        </Menu.Item>
      </ItemMenu>
      <ExportDialog
        opened={isExporting}
        onClose={() => setExporting(false)}
        selection={{ segment_id: segment.id }}
        name={name}
      />
    </>
  );
}
