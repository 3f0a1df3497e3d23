/** A new automation: from a ready recipe, which brings its tags and messages along, or an empty canvas. */
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toastError } from '@/ui/toast';
import { type Automation, useCreateAutomation } from '../api';
import { emptyDocument } from '../model';
import { Gallery } from './Gallery';

export function CreateButton() {
  const { t } = useTranslation('automations');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
        {t('create')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('create')}
        size="xl"
        closeButtonProps={{ 'aria-label': t('inspector.close') }}
      >
        <Choices />
      </Modal>
    </>
  );
}

function Choices() {
  const { t } = useTranslation('automations');
  const [name, setName] = useState('');
  const navigate = useNavigate();
  const create = useCreateAutomation();
  const result = {
    onSuccess: (made: Automation) => void navigate({ to: '/automations/$id', params: { id: String(made.id) } }),
    onError: toastError,
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim() || t('newName'), document: emptyDocument() }, result);
  };
  return (
    <>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <TextInput
            flex={1}
            label={t('nameLabel')}
            value={name}
            maxLength={200}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={create.isPending}>
            {t('add')}
          </Button>
        </Group>
      </form>
      <Gallery />
    </>
  );
}
