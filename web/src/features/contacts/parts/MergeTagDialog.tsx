/** Makes one tag of two. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tag } from '@/pickers/api';
import { ObjectPicker } from '@/pickers/ObjectPicker';
import { UsedBy, useIsKept } from '@/pickers/UsedBy';
import { toast, toastError } from '@/ui/toast';
import { useMergeTags } from '../structure-api';

export function MergeTagDialog({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const merge = useMergeTags();
  const isKept = useIsKept('tag', tag.id);
  const [into, setInto] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const run = () => {
    if (into === null || into === tag.id) {
      setError(t('tags.choose'));
      return;
    }
    merge.mutate(
      { into, id: tag.id },
      {
        onSuccess: () => {
          toast(t('tags.done'));
          onClose();
        },
        onError: toastError,
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tags.mergeTitle', { name: tag.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('tags.mergeText', { name: tag.name })}</Text>
        <ObjectPicker
          kind="tag"
          label={t('tags.into')}
          data-autofocus
          value={into}
          error={error}
          onChange={(id) => {
            setInto(id);
            setError(null);
          }}
        />
        <UsedBy noun="tag" id={tag.id} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button loading={merge.isPending} disabled={isKept} onClick={run}>
            {t('tags.action')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
