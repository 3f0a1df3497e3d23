import {
  Button,
  Fieldset,
  Group,
  Modal,
  NumberInput,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { toast } from '@/ui/toast';
import { type Security, type Server, useSaveServer } from '../api';
import { fieldErrors, splitList } from '../model';

const ports: Record<Security, number> = { starttls: 587, tls: 465, none: 25 };
const kinds: Security[] = ['starttls', 'tls', 'none'];

function useServerForm(server: Server | null, required: string) {
  return useForm({
    initialValues: {
      name: server?.name ?? '',
      host: server?.host ?? '',
      port: server?.port ?? ports.starttls,
      security: server?.security ?? ('starttls' as Security),
      username: server?.username ?? '',
      password: '',
      domains: server?.domains.join(', ') ?? '',
      weight: server?.weight ?? 100,
      connections: server?.connections ?? 10,
      signs: server?.signs ?? false,
      is_enabled: server?.is_enabled ?? true,
    },
    validate: {
      name: (value) => (value.trim() ? null : required),
      host: (value) => (value.trim() ? null : required),
    },
  });
}

export function ServerDialog({ server, onClose }: { server: Server | null; onClose: () => void }) {
  const { t } = useTranslation('senders');
  const save = useSaveServer();
  const form = useServerForm(server, t('required'));
  const submit = ({ password, domains, ...values }: typeof form.values) =>
    save.mutate(
      {
        ...values,
        host: values.host.trim(),
        domains: splitList(domains),
        ...(password ? { password } : {}),
        id: server?.id,
      },
      {
        onSuccess: () => {
          toast(t('saved'));
          onClose();
        },
        onError: (error) => form.setErrors(fieldErrors(error, 'host')),
      },
    );
  const setSecurity = (next: string | null) => {
    const security = kinds.find((kind) => kind === next);
    if (!security) return;
    if (form.values.port === ports[form.values.security]) form.setFieldValue('port', ports[security]);
    form.setFieldValue('security', security);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={server ? t('servers.editTitle') : t('servers.add')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={form.onSubmit(submit)}>
        <Stack gap="md">
          <TextInput
            label={t('servers.name')}
            description={t('servers.nameHint')}
            required
            data-autofocus
            {...form.getInputProps('name')}
          />
          <TextInput label={t('servers.host')} required autoComplete="off" {...form.getInputProps('host')} />
          <SimpleGrid cols={2} spacing="sm">
            <Select
              label={t('servers.security')}
              allowDeselect={false}
              data={kinds.map((kind) => ({ value: kind, label: t(`servers.securities.${kind}`) }))}
              value={form.values.security}
              onChange={setSecurity}
            />
            <NumberInput label={t('servers.port')} min={1} max={65535} {...form.getInputProps('port')} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput label={t('servers.user')} autoComplete="off" {...form.getInputProps('username')} />
            <PasswordInput
              label={t('servers.password')}
              autoComplete="new-password"
              placeholder={server?.has_password ? '••••••••' : undefined}
              {...form.getInputProps('password')}
            />
          </SimpleGrid>
          <Fieldset legend={t('servers.more')}>
            <Stack gap="sm">
              <TextInput
                label={t('servers.domains')}
                description={t('servers.domainsHint')}
                {...form.getInputProps('domains')}
              />
              <SimpleGrid cols={2} spacing="sm">
                <NumberInput label={t('servers.weight')} min={0} max={1000} {...form.getInputProps('weight')} />
                <NumberInput
                  label={t('servers.connections')}
                  min={1}
                  max={100}
                  {...form.getInputProps('connections')}
                />
              </SimpleGrid>
              <Switch
                label={t('servers.signs')}
                description={t('servers.signsHint')}
                {...form.getInputProps('signs', { type: 'checkbox' })}
              />
              <Switch label={t('servers.enabled')} {...form.getInputProps('is_enabled', { type: 'checkbox' })} />
            </Stack>
          </Fieldset>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
