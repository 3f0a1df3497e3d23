/** Asks for the tag or the list of a bulk action. A tag that does not exist yet can be made here. */
import { Anchor, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ObjectPicker } from '@/pickers/ObjectPicker';
import { toastError } from '@/ui/toast';
import { useCreateTag } from '../structure-api';

type Props = {
  kind: 'tag' | 'list';
  title: string;
  action: string;
  isLoading: boolean;
  onChoose: (id: number) => void;
  onClose: () => void;
};

export function ChooseDialog({ kind, title, action, isLoading, onChoose, onClose }: Props) {
  const { t } = useTranslation('contacts');
  const [id, setId] = useState<number | null>(null);
  const [name, setName] = useState<string | null>(null);
  const create = useCreateTag();
  const canSubmit = name === null ? id !== null : name.trim() !== '';
  const submit = () => {
    if (name === null) {
      if (id !== null) onChoose(id);
      return;
    }
    create.mutate({ name: name.trim() }, { onSuccess: (tag) => onChoose(tag.id), onError: toastError });
  };
  return (
    <Modal opened onClose={onClose} title={title} size="sm" closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap={6}>
          {name === null ? (
            <ObjectPicker kind={kind} label={t(`choose.${kind}`)} value={id} onChange={setId} data-autofocus />
          ) : (
            <TextInput
              label={t('choose.newTag')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
              autoFocus
            />
          )}
          {kind === 'tag' && (
            <Anchor
              component="button"
              type="button"
              size="sm"
              ta="left"
              onClick={() => setName(name === null ? '' : null)}
            >
              {name === null ? t('choose.makeTag') : t('choose.existingTag')}
            </Anchor>
          )}
        </Stack>
        <Group justify="flex-end" mt="lg" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={!canSubmit} loading={isLoading || create.isPending}>
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
