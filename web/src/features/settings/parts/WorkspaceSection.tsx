import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problems';
import { useMay, useSetWorkspace } from '@/api/session';
import { toast, toastError } from '@/ui/toast';
import { useSaveWorkspace, type Workspace, workspaceQuery } from '../api';
import { Section } from './Section';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

export function WorkspaceSection() {
  const { t } = useTranslation('settings');
  const query = useQuery(workspaceQuery);
  return (
    <Section title={t('workspace.title')} text={t('workspace.text')} query={query}>
      {(workspace) => <WorkspaceForm workspace={workspace} />}
    </Section>
  );
}

function WorkspaceForm({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation('settings');
  const save = useSaveWorkspace();
  const show = useSetWorkspace();
  const mayChange = useMay('admin');
  const form = useForm({
    initialValues: { name: workspace.name, time_zone: workspace.time_zone },
    validate: { name: (value) => (value.trim() ? null : t('required')) },
  });
  const submit = (values: typeof form.values) =>
    save.mutate(values, {
      onSuccess: (saved) => {
        show({ name: saved.name, time_zone: saved.time_zone });
        form.resetDirty(values);
        toast(t('saved'));
      },
      onError: (error) => {
        if (error instanceof ApiError && error.errors.length > 0) form.setErrors(error.fields);
        else toastError(error);
      },
    });
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack gap="md" maw={420}>
        <TextInput label={t('workspace.name')} disabled={!mayChange} {...form.getInputProps('name')} />
        <Select
          label={t('workspace.zone')}
          description={t('workspace.zoneHint')}
          searchable
          allowDeselect={false}
          disabled={!mayChange}
          data={zones.includes(workspace.time_zone) ? zones : [workspace.time_zone, ...zones]}
          {...form.getInputProps('time_zone')}
        />
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
