/** Asks for the name of a view, and whether everyone in the workspace sees it. */
import { Button, Group, Modal, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { useCreateView, useUpdateView, type View, type ViewInput } from '../list-api';

type Props = {
  /** Changed; a new one is made where it is left out. */
  view?: View;
  current?: Omit<ViewInput, 'name' | 'is_shared'>;
  onDone: (view: View) => void;
  onClose: () => void;
};

export function ViewDialog({ view, current, onDone, onClose }: Props) {
  const { t } = useTranslation('contacts');
  const [name, setName] = useState(view?.name ?? '');
  const [isShared, setShared] = useState(view?.is_shared ?? false);
  const create = useCreateView();
  const update = useUpdateView();
  const error = create.error ?? update.error;
  const done = (answer: View) => {
    onDone(answer);
    onClose();
  };
  const submit = () => {
    const input = { name: name.trim(), is_shared: isShared };
    if (view) update.mutate({ id: view.id, ...input }, { onSuccess: done });
    else if (current) create.mutate({ ...current, ...input }, { onSuccess: done });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="sm"
      title={view ? t('views.edit') : t('views.newTitle')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') submit();
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t('views.name')}
            data-autofocus
            value={name}
            error={error ? messageOf(error) : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Switch
            label={t('views.shared')}
            checked={isShared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={name.trim() === ''} loading={create.isPending || update.isPending}>
              {t('views.action')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
