import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast, toastError } from '@/ui/toast';
import { useRemoveSuppression } from '../api';

export function RemoveDialog({ address, onClose }: { address: string; onClose: () => void }) {
  const { t } = useTranslation('suppressions');
  const remove = useRemoveSuppression();
  const [note, setNote] = useState('');
  const submit = () =>
    remove.mutate(
      { address, note },
      {
        onSuccess: () => {
          toast(t('removed'));
          onClose();
        },
        onError: toastError,
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('removeTitle', { address })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{t('removeText')}</Text>
          <TextInput
            label={t('removeNote')}
            required
            maxLength={500}
            data-autofocus
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" color="red" disabled={!note.trim()} loading={remove.isPending}>
              {t('removeAction')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
