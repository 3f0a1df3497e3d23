import { Button, FileInput, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toast, toastError } from '@/ui/toast';
import { type Reason, reasons, useAddSuppressions } from '../api';
import { piecesOf } from '../model';

export function AddDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('suppressions');
  const add = useAddSuppressions();
  const form = useForm({
    initialValues: { typed: '', file: null as File | null, reason: 'manual' as Reason, note: '' },
    validate: { typed: (value, { file }) => (value.trim() || file ? null : t('nothing')) },
  });
  const submit = async ({ typed, file, reason, note }: typeof form.values) => {
    const pieces = piecesOf(typed, file ? await file.text() : '', reason, note);
    if (pieces.length === 0) {
      form.setFieldError('typed', t('nothing'));
      return;
    }
    add.mutate(pieces, {
      onSuccess: ({ added, known, wrong }) => {
        toast([t('added', { count: added }), known > 0 && t('known', { count: known })].filter(Boolean).join('. '));
        if (wrong.length === 0) onClose();
        else {
          form.setValues({ typed: wrong.join('\n'), file: null });
          form.setFieldError('typed', t('wrong', { values: wrong.slice(0, 5).join(', ') }));
        }
      },
      onError: toastError,
    });
  };
  return (
    <Modal opened onClose={onClose} title={t('add')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form noValidate onSubmit={form.onSubmit((values) => void submit(values))}>
        <Stack gap="md">
          <Textarea
            label={t('addresses')}
            description={t('addText')}
            autosize
            minRows={4}
            maxRows={12}
            data-autofocus
            {...form.getInputProps('typed')}
          />
          <FileInput
            label={t('file')}
            description={t('fileText')}
            placeholder={t('chooseFile')}
            accept=".csv,.txt,text/csv,text/plain"
            clearable
            leftSection={<IconUpload size={16} />}
            {...form.getInputProps('file')}
          />
          <Select
            label={t('reason')}
            allowDeselect={false}
            data={reasons.map((value) => ({ value, label: t(`reasons.${value}`) }))}
            {...form.getInputProps('reason')}
          />
          <TextInput label={t('note')} description={t('noteHint')} maxLength={500} {...form.getInputProps('note')} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t('add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
