import { Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toast } from '@/ui/toast';
import { type Limit, type Scope, sendersQuery, serversQuery, useSaveLimit } from '../api';
import { fieldErrors } from '../model';

const scopes: Scope[] = ['workspace', 'relay', 'sender', 'domain'];
const count = (value: number | string) => (value === '' ? null : Number(value));
const today = () => new Date().toISOString().slice(0, 10);

function useLimitForm(limit: Limit | null) {
  const warm = limit?.warm_up;
  return useForm({
    initialValues: {
      scope: limit?.scope ?? ('workspace' as Scope),
      key: limit?.key ?? '',
      per_second: (limit?.per_second ?? '') as number | string,
      per_hour: (limit?.per_hour ?? '') as number | string,
      per_day: (limit?.per_day ?? '') as number | string,
      isWarming: warm !== null && warm !== undefined,
      starts_on: warm?.starts_on ?? today(),
      first: warm?.first ?? 50,
      growth: warm?.growth ?? 50,
      until: warm?.until ?? 50_000,
    },
  });
}

export function LimitDialog({ limit, onClose }: { limit: Limit | null; onClose: () => void }) {
  const { t } = useTranslation('senders');
  const save = useSaveLimit();
  const form = useLimitForm(limit);
  const submit = ({ scope, key, isWarming, ...values }: typeof form.values) =>
    save.mutate(
      {
        scope,
        key: scope === 'workspace' ? '' : key,
        per_second: count(values.per_second),
        per_hour: count(values.per_hour),
        per_day: count(values.per_day),
        warm_up: isWarming
          ? { starts_on: values.starts_on, first: values.first, growth: values.growth, until: values.until }
          : null,
      },
      {
        onSuccess: () => {
          toast(t('saved'));
          onClose();
        },
        onError: (error) => form.setErrors(fieldErrors(error, 'key')),
      },
    );
  const isEmpty =
    !form.values.isWarming &&
    [form.values.per_second, form.values.per_hour, form.values.per_day].every((v) => v === '');
  return (
    <Modal
      opened
      onClose={onClose}
      title={limit ? t('limits.editTitle') : t('limits.add')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={form.onSubmit(submit)}>
        <Stack gap="md">
          <Select
            label={t('limits.for')}
            allowDeselect={false}
            disabled={limit !== null}
            data={scopes.map((scope) => ({ value: scope, label: t(`limits.scopes.${scope}`) }))}
            value={form.values.scope}
            onChange={(next) => {
              form.setValues({ scope: scopes.find((scope) => scope === next) ?? 'workspace', key: '' });
            }}
          />
          <KeyInput scope={form.values.scope} isFixed={limit !== null} input={form.getInputProps('key')} />
          <SimpleGrid cols={3} spacing="sm">
            <NumberInput label={t('limits.perSecond')} min={1} {...form.getInputProps('per_second')} />
            <NumberInput label={t('limits.perHour')} min={1} {...form.getInputProps('per_hour')} />
            <NumberInput label={t('limits.perDay')} min={1} {...form.getInputProps('per_day')} />
          </SimpleGrid>
          <Switch
            label={t('limits.warmUp')}
            description={t('limits.warmUpHint')}
            {...form.getInputProps('isWarming', { type: 'checkbox' })}
          />
          {form.values.isWarming && (
            <SimpleGrid cols={2} spacing="sm">
              <TextInput type="date" label={t('limits.startsOn')} {...form.getInputProps('starts_on')} />
              <NumberInput label={t('limits.first')} min={1} {...form.getInputProps('first')} />
              <NumberInput label={t('limits.growth')} min={1} max={1000} {...form.getInputProps('growth')} />
              <NumberInput label={t('limits.until')} min={1} {...form.getInputProps('until')} />
            </SimpleGrid>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={isEmpty} loading={save.isPending}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

type KeyProps = { scope: Scope; isFixed: boolean; input: object };

/** Which server, sender or domain. */
function KeyInput({ scope, isFixed, input }: KeyProps) {
  const { t } = useTranslation('senders');
  const senders = useQuery(sendersQuery);
  const servers = useQuery(serversQuery);
  if (scope === 'workspace') return null;
  if (scope === 'domain') {
    return <TextInput label={t('limits.domain')} description={t('limits.domainHint')} disabled={isFixed} {...input} />;
  }
  const data =
    scope === 'relay'
      ? (servers.data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }))
      : (senders.data?.items ?? []).map(({ id, from_email }) => ({ value: String(id), label: from_email }));
  return <Select label={t(`limits.scopes.${scope}`)} data={data} disabled={isFixed} allowDeselect={false} {...input} />;
}
