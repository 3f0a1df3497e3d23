/** The form of a list, with what subscribers agree to and whether they have to confirm. */
import { Button, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { List } from '@/pickers/api';
import { ObjectPicker } from '@/pickers/ObjectPicker';
import { consentTextsQuery } from '../consent-api';
import { useCreateList, useUpdateList } from '../structure-api';
import { FormFrame, showErrors } from './FormFrame';
import { TextDialog } from './TextDialog';

export function ListForm({ list, onClose }: { list: List | null; onClose: () => void }) {
  const { t } = useTranslation('contacts');
  const create = useCreateList();
  const update = useUpdateList();
  const form = useForm({
    initialValues: {
      name: list?.name ?? '',
      sender_url: list?.sender_url ?? '',
      sender_reminder: list?.sender_reminder ?? '',
      requires_confirmation: list?.requires_confirmation ?? false,
      confirmation_message_id: list?.confirmation_message_id ?? null,
      consent_text_id: list?.consent_text_id ?? null,
    },
    validate: { name: (value) => (value.trim() ? null : t('structure.required')) },
  });
  const after = { onSuccess: onClose, onError: (error: Error) => showErrors(form, error) };
  const save = (values: typeof form.values) => {
    const { name, sender_url, sender_reminder, requires_confirmation } = values;
    const chosen = {
      confirmation_message_id: values.confirmation_message_id ?? 0,
      consent_text_id: values.consent_text_id ?? 0,
    };
    const plain = { name, sender_url, sender_reminder };
    if (list) update.mutate({ id: list.id, ...plain, requires_confirmation, ...chosen }, after);
    else
      create.mutate(plain, {
        ...after,
        onSuccess: (made) =>
          requires_confirmation || values.consent_text_id
            ? update.mutate({ id: made.id, ...plain, requires_confirmation, ...chosen }, after)
            : onClose(),
      });
  };
  return (
    <FormFrame onSubmit={form.onSubmit(save)} onClose={onClose} isSaving={create.isPending || update.isPending}>
      <TextInput label={t('structure.name')} required data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label={t('structure.lists.url')}
        placeholder="https://example.com"
        {...form.getInputProps('sender_url')}
      />
      <Textarea
        label={t('structure.lists.reminder')}
        description={t('structure.lists.reminderHint')}
        autosize
        minRows={2}
        {...form.getInputProps('sender_reminder')}
      />
      <OptIn form={form} />
    </FormFrame>
  );
}

type OptInValues = {
  requires_confirmation: boolean;
  confirmation_message_id: number | null;
  consent_text_id: number | null;
};

function OptIn<T extends OptInValues>({ form }: { form: UseFormReturnType<T> }) {
  const { t } = useTranslation('privacy');
  const texts = useQuery(consentTextsQuery);
  const [isWriting, setWriting] = useState(false);
  const values: OptInValues = form.values;
  const set = (changes: Partial<OptInValues>) => form.setValues(changes as Partial<T>);
  return (
    <>
      <Switch
        label={t('optIn.confirm')}
        description={t('optIn.confirmHint')}
        checked={values.requires_confirmation}
        onChange={(event) => set({ requires_confirmation: event.currentTarget.checked })}
      />
      {values.requires_confirmation && (
        <ObjectPicker
          kind="message"
          clearable
          clearButtonProps={{ 'aria-label': t('cancel') }}
          label={t('optIn.message')}
          description={t('optIn.messageHint')}
          value={values.confirmation_message_id}
          onChange={(id) => set({ confirmation_message_id: id })}
        />
      )}
      <Select
        label={t('optIn.text')}
        placeholder={t('consent.noText')}
        clearable
        clearButtonProps={{ 'aria-label': t('consent.noText') }}
        data={(texts.data?.items ?? []).map((text) => ({
          value: String(text.id),
          label: t('consent.version', { name: text.name, version: text.version }),
        }))}
        value={values.consent_text_id === null ? null : String(values.consent_text_id)}
        onChange={(id) => set({ consent_text_id: id === null ? null : Number(id) })}
      />
      <Button variant="subtle" size="compact-sm" style={{ alignSelf: 'flex-start' }} onClick={() => setWriting(true)}>
        {t('optIn.newText')}
      </Button>
      {isWriting && (
        <TextDialog onSaved={(text) => set({ consent_text_id: text.id })} onClose={() => setWriting(false)} />
      )}
    </>
  );
}
