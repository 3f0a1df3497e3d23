import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problems';
import { useMay } from '@/api/session';
import { toast, toastError } from '@/ui/toast';
import { type Sender, senderQuery, useSaveSender } from '../api';
import { Section } from './Section';

export function SenderSection() {
  const { t } = useTranslation('settings');
  const query = useQuery(senderQuery);
  return (
    <Section title={t('sender.title')} text={t('sender.text')} query={query}>
      {(sender) => <SenderForm sender={sender} />}
    </Section>
  );
}

function SenderForm({ sender }: { sender: Sender }) {
  const { t } = useTranslation('settings');
  const save = useSaveSender();
  const mayChange = useMay('admin');
  const form = useForm({
    initialValues: { from_name: sender.from_name, from_email: sender.from_email },
    validate: { from_email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t('emailWrong')) },
  });
  const submit = (values: typeof form.values) =>
    save.mutate(values, {
      onSuccess: () => {
        form.resetDirty(values);
        toast(t('saved'));
      },
      onError: (error) => {
        if (error instanceof ApiError && error.errors.length > 0) form.setErrors(error.fields);
        else toastError(error);
      },
    });
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md" maw={420}>
        {sender.from_email === '' && (
          <Alert color="orange" icon={<IconAlertTriangle size={16} />} title={t('sender.missing')}>
            {t('sender.missingText')}
          </Alert>
        )}
        <TextInput
          label={t('sender.name')}
          description={t('sender.nameHint')}
          disabled={!mayChange}
          {...form.getInputProps('from_name')}
        />
        <TextInput label={t('sender.email')} type="email" disabled={!mayChange} {...form.getInputProps('from_email')} />
        {mayChange && (
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
