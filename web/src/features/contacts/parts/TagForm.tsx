/** The form of a tag. */
import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Tag } from '@/pickers/api';
import { useCreateTag, useUpdateTag } from '../structure-api';
import { FormFrame, showErrors } from './FormFrame';

export function TagForm({ tag, onClose }: { tag: Tag | null; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const create = useCreateTag();
  const update = useUpdateTag();
  const form = useForm({
    initialValues: { name: tag?.name ?? '', description: tag?.description ?? '' },
    validate: { name: (value) => (value.trim() ? null : t('structure.required')) },
  });
  const after = { onSuccess: onClose, onError: (error: Error) => showErrors(form, error) };
  const save = (values: typeof form.values) =>
    tag ? update.mutate({ id: tag.id, ...values }, after) : create.mutate(values, after);
  return (
    <FormFrame onSubmit={form.onSubmit(save)} onClose={onClose} isSaving={create.isPending || update.isPending}>
      <TextInput label={t('structure.name')} required data-autofocus {...form.getInputProps('name')} />
      <Textarea label={t('structure.description')} autosize minRows={2} {...form.getInputProps('description')} />
    </FormFrame>
  );
}
