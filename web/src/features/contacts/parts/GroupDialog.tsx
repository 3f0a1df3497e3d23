/** Names a group of fields, a new one or one that is there. */
import { Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Section } from '../field-order';
import { useCreateGroup, useRenameGroup } from '../structure-api';
import { FormFrame, showErrors } from './FormFrame';

export function GroupDialog({ group, onClose }: { group: Section | null; onClose: () => void }) {
  const { t } = useTranslation(['privacy', 'contacts']);
  const create = useCreateGroup();
  const rename = useRenameGroup();
  const form = useForm({
    initialValues: { name: group?.name ?? '' },
    validate: { name: (value) => (value.trim() ? null : t('structure.required', { ns: 'contacts' })) },
  });
  const after = { onSuccess: onClose, onError: (error: Error) => showErrors(form, error) };
  const save = ({ name }: { name: string }) =>
    group?.id ? rename.mutate({ id: group.id, name }, after) : create.mutate(name, after);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(group ? 'fields.renameGroup' : 'fields.newGroup')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <FormFrame onSubmit={form.onSubmit(save)} onClose={onClose} isSaving={create.isPending || rename.isPending}>
        <TextInput label={t('fields.groupName')} required data-autofocus {...form.getInputProps('name')} />
      </FormFrame>
    </Modal>
  );
}
