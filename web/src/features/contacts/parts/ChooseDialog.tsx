/** Asks for the tag, the list or the person of an action. One that does not exist yet is made by typing its name. */
import { Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ObjectPicker } from '@/pickers/ObjectPicker';
import { toastError } from '@/ui/toast';
import { useCreateList, useCreateTag } from '../structure-api';

type Props = {
  kind: 'tag' | 'list' | 'user' | 'automation';
  title: string;
  action: string;
  isLoading: boolean;
  mayCreate?: boolean;
  onChoose: (id: number) => void;
  onClose: () => void;
};

export function ChooseDialog({ kind, title, action, isLoading, mayCreate, onChoose, onClose }: Props) {
  const { t } = useTranslation('contacts');
  const [id, setId] = useState<number | null>(null);
  const createTag = useCreateTag();
  const createList = useCreateList();
  const create = kind === 'tag' ? createTag : createList;
  const make = (name: string) => create.mutate({ name }, { onSuccess: (made) => setId(made.id), onError: toastError });
  return (
    <Modal opened onClose={onClose} title={title} size="sm" closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (id !== null) onChoose(id);
        }}
      >
        <ObjectPicker
          kind={kind}
          label={t(`choose.${kind}`)}
          value={id}
          onChange={setId}
          onCreate={mayCreate ? make : undefined}
          data-autofocus
        />
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={id === null} loading={isLoading || create.isPending}>
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
