/** Quiet hours and the frequency cap. */
import {
  Button,
  Card,
  Fieldset,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toast } from '@/ui/toast';
import { type Rule, ruleQuery, useSaveRule } from '../api';
import { fieldErrors } from '../model';

export function RuleForm() {
  const { t } = useTranslation('senders');
  const query = useQuery(ruleQuery);
  return (
    <Card component="section" aria-label={t('rule.title')}>
      <Title order={2} size="h3">
        {t('rule.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {t('rule.text')}
      </Text>
      {query.isPending ? (
        <LoadingRows count={3} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} height={200} />
      ) : (
        <Form rule={query.data} />
      )}
    </Card>
  );
}

const bare = (time: string | null) => time?.slice(0, 5) ?? '';

function Form({ rule }: { rule: Rule }) {
  const { t } = useTranslation('senders');
  const save = useSaveRule();
  const mayChange = useMay('admin');
  const form = useForm({
    initialValues: {
      quiet_from: bare(rule.quiet_from),
      quiet_until: bare(rule.quiet_until),
      cap_count: (rule.cap_count ?? '') as number | string,
      cap_days: (rule.cap_days ?? '') as number | string,
      beyond: rule.cap_skips ? 'skip' : 'delay',
    },
    validate: {
      quiet_until: (value, { quiet_from }) => ((value === '') === (quiet_from === '') ? null : t('rule.pair')),
      cap_days: (value, { cap_count }) => ((value === '') === (cap_count === '') ? null : t('rule.pair')),
    },
  });
  const submit = (values: typeof form.values) =>
    save.mutate(
      {
        quiet_from: values.quiet_from || null,
        quiet_until: values.quiet_until || null,
        cap_count: values.cap_count === '' ? null : Number(values.cap_count),
        cap_days: values.cap_days === '' ? null : Number(values.cap_days),
        cap_skips: values.beyond === 'skip',
      },
      {
        onSuccess: () => {
          form.resetDirty(values);
          toast(t('saved'));
        },
        onError: (error) => form.setErrors(fieldErrors(error, 'quiet_until')),
      },
    );
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md">
        <Fieldset legend={t('rule.quiet')} disabled={!mayChange}>
          <Text size="sm" c="dimmed" mb="sm">
            {t('rule.quietHint')}
          </Text>
          <SimpleGrid cols={2} maw={360}>
            <TextInput type="time" label={t('rule.from')} {...form.getInputProps('quiet_from')} />
            <TextInput type="time" label={t('rule.until')} {...form.getInputProps('quiet_until')} />
          </SimpleGrid>
        </Fieldset>
        <Fieldset legend={t('rule.cap')} disabled={!mayChange}>
          <Text size="sm" c="dimmed" mb="sm">
            {t('rule.capHint')}
          </Text>
          <SimpleGrid cols={{ base: 1, xs: 3 }} maw={640}>
            <NumberInput label={t('rule.count')} min={1} max={1000} {...form.getInputProps('cap_count')} />
            <NumberInput label={t('rule.days')} min={1} max={365} {...form.getInputProps('cap_days')} />
            <Select
              label={t('rule.beyond')}
              allowDeselect={false}
              data={[
                { value: 'delay', label: t('rule.delay') },
                { value: 'skip', label: t('rule.skip') },
              ]}
              {...form.getInputProps('beyond')}
            />
          </SimpleGrid>
        </Fieldset>
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
