/** Writes a consent text, or the next version of one. */
import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toastError } from '@/ui/toast';
import { type ConsentText, useAddText } from '../consent-api';

type Props = { onSaved: (text: ConsentText) => void; onClose: () => void };

export function TextDialog({ onSaved, onClose }: Props) {
  const { t } = useTranslation('privacy');
  const add = useAddText();
  const [name, setName] = useState('');
  const [body, setBody] = useState('');
  const save = () =>
    add.mutate(
      { name, body },
      {
        onSuccess: (text) => {
          onSaved(text);
          onClose();
        },
        onError: toastError,
      },
    );
  return (
    <Modal opened onClose={onClose} title={t('optIn.textTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack gap="md">
        <TextInput
          label={t('optIn.name')}
          description={t('optIn.nameHint')}
          data-autofocus
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={t('optIn.body')}
          required
          autosize
          minRows={4}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button disabled={!name.trim() || !body.trim()} loading={add.isPending} onClick={save}>
            {t('optIn.save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
