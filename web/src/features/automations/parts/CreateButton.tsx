/** Asks for a name and opens the new, empty automation. */
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toastError } from '@/ui/toast';
import { useCreateAutomation } from '../api';
import { emptyDocument } from '../model';

export function CreateButton() {
  const { t } = useTranslation('automations');
  const navigate = useNavigate();
  const create = useCreateAutomation();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name: name.trim() || t('newName'), document: emptyDocument() },
      {
        onSuccess: (made) => void navigate({ to: '/automations/$id', params: { id: String(made.id) } }),
        onError: toastError,
      },
    );
  };
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
        {t('create')}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={t('create')} size="sm">
        <form onSubmit={submit}>
          <TextInput
            label={t('nameLabel')}
            value={name}
            maxLength={200}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end" mt="lg" gap="xs">
            <Button variant="default" onClick={() => setOpen(false)}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t('add')}
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
