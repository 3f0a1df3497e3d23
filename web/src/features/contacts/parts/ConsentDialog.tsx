/** Notes that somebody agreed or withdrew, with the words, the source and the reason. */
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toastError } from '@/ui/toast';
import { consentTextsQuery, useChangeConsent } from '../consent-api';
import type { Subject } from './ConsentTab';

type Props = { contactId: number; subject: Subject; onClose: () => void };

export function ConsentDialog({ contactId, subject, onClose }: Props) {
  const { t } = useTranslation('privacy');
  const texts = useQuery(consentTextsQuery);
  const change = useChangeConsent(contactId);
  const form = useForm({
    initialValues: { text_id: null as string | null, source: '', reason: '' },
    validate: { reason: (value) => (subject.isGiven || value.trim() ? null : t('consent.required')) },
  });
  const save = ({ text_id, source, reason }: typeof form.values) =>
    change.mutate(
      {
        channel: subject.channel,
        list_id: subject.listId,
        is_given: subject.isGiven,
        text_id: text_id === null ? null : Number(text_id),
        source: source.trim(),
        reason: reason.trim(),
      },
      { onSuccess: onClose, onError: toastError },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(subject.isGiven ? 'consent.giveTitle' : 'consent.withdrawTitle', { name: subject.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={form.onSubmit(save)}>
        <Stack gap="md">
          {subject.isGiven ? (
            <>
              <Select
                label={t('consent.text')}
                placeholder={t('consent.noText')}
                clearable
                clearButtonProps={{ 'aria-label': t('consent.noText') }}
                data={(texts.data?.items ?? []).map((text) => ({
                  value: String(text.id),
                  label: t('consent.version', { name: text.name, version: text.version }),
                }))}
                {...form.getInputProps('text_id')}
              />
              <TextInput
                label={t('consent.source')}
                description={t('consent.sourceHint')}
                maxLength={250}
                {...form.getInputProps('source')}
              />
            </>
          ) : (
            <Text size="sm">{t('consent.withdrawText')}</Text>
          )}
          <TextInput
            label={t('consent.reason')}
            description={t('consent.reasonHint')}
            maxLength={250}
            withAsterisk={!subject.isGiven}
            data-autofocus
            {...form.getInputProps('reason')}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={change.isPending}>
              {t('consent.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
