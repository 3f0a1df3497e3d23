import { Button, Group, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { toast } from '@/ui/toast';
import { type Domain, useSaveDomain } from '../api';
import { fieldErrors } from '../model';
import classes from '../senders.module.css';

export function DomainSettings({ domain, onClose }: { domain: Domain; onClose: () => void }) {
  const { t } = useTranslation('senders');
  const save = useSaveDomain();
  const form = useForm({
    initialValues: {
      is_signing: domain.is_signing,
      is_signing_twice: domain.is_signing_twice,
      return_path: domain.return_path,
      tracking_host: domain.tracking_host,
    },
  });
  const submit = (values: typeof form.values) =>
    save.mutate(
      { ...values, name: domain.name },
      {
        onSuccess: () => {
          toast(t('saved'));
          onClose();
        },
        onError: (error) => form.setErrors(fieldErrors(error, 'return_path')),
      },
    );
  return (
    <form noValidate onSubmit={form.onSubmit(submit)} className={classes.settings}>
      <Stack gap="md">
        <Switch
          label={t('domains.signing')}
          description={t('domains.signingHint')}
          {...form.getInputProps('is_signing', { type: 'checkbox' })}
        />
        <Switch
          label={t('domains.twice')}
          description={t('domains.twiceHint')}
          disabled={!form.values.is_signing}
          {...form.getInputProps('is_signing_twice', { type: 'checkbox' })}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t('domains.returnPath')}
            description={t('domains.returnPathHint', { name: domain.name })}
            {...form.getInputProps('return_path')}
          />
          <TextInput
            label={t('domains.tracking')}
            description={t('domains.trackingHint', { name: domain.name })}
            {...form.getInputProps('tracking_host')}
          />
        </SimpleGrid>
        <Group gap="xs">
          <Button type="submit" loading={save.isPending}>
            {t('save')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
