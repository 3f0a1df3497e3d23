/** The form of a message variable. Without a tag of one's own it is made of the name. */
import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problems';
import { toast, toastError } from '@/ui/toast';
import { useSaveVariable, type Variable } from '../library-api';
import { tagOf } from '../tags';

export function VariableDialog({ variable, onClose }: { variable: Variable | null; onClose: () => void }) {
  const { t } = useTranslation('messages');
  const saving = useSaveVariable();
  const form = useForm({
    initialValues: {
      name: variable?.name ?? '',
      tag: variable?.tag ?? '',
      format: variable?.format ?? ('text' as Variable['format']),
      content: variable?.content ?? '',
    },
  });
  const { name, tag } = form.values;
  const shown = (tag || tagOf(name)).toUpperCase();
  const save = (values: typeof form.values) =>
    saving.mutate(
      { ...values, tag: shown, id: variable?.id },
      {
        onSuccess: (made) => {
          toast(t('variables.saved', { tag: made.tag }));
          onClose();
        },
        onError: (error) =>
          error instanceof ApiError && error.errors.length > 0 ? form.setErrors(error.fields) : toastError(error),
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(variable ? 'variables.edit' : 'variables.new')}
      closeButtonProps={{ 'aria-label': t('cancel') }}
    >
      <form onSubmit={form.onSubmit(save)}>
        <Stack>
          <TextInput
            label={t('variables.name')}
            required
            maxLength={200}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('variables.tag')}
            description={t('variables.tagHint', { tag: shown || 'OPENING_HOURS' })}
            placeholder={tagOf(name)}
            maxLength={61}
            {...form.getInputProps('tag')}
          />
          <div>
            <Text size="sm" fw={500} mb={4} id="variable-format">
              {t('variables.format')}
            </Text>
            <SegmentedControl
              aria-labelledby="variable-format"
              data={(['text', 'html'] as const).map((value) => ({ value, label: t(`variables.formats.${value}`) }))}
              {...form.getInputProps('format')}
            />
          </div>
          <Textarea
            label={t('variables.content')}
            description={t('variables.contentHint')}
            autosize
            minRows={3}
            maxRows={14}
            maxLength={20_000}
            {...form.getInputProps('content')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={saving.isPending} disabled={!shown}>
              {t('variables.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
