/** Whether contacts join the company of their e-mail domain, and which domains are left out. */
import { Button, Group, Modal, Stack, Switch, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toast } from '@/ui/toast';
import { type CompanySettings, companySettingsQuery, useSaveSettings } from '../api';

export function LinkingDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('companies');
  const query = useQuery({ ...companySettingsQuery, enabled: opened });
  return (
    <Modal opened={opened} onClose={onClose} title={t('linking.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      {query.isPending ? (
        <LoadingRows count={2} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <LinkingForm settings={query.data} onClose={onClose} />
      )}
    </Modal>
  );
}

function LinkingForm({ settings, onClose }: { settings: CompanySettings; onClose: () => void }) {
  const { t } = useTranslation('companies');
  const [isOn, setOn] = useState(settings.is_linked_by_domain);
  const [domains, setDomains] = useState(settings.excluded_domains);
  const save = useSaveSettings();
  const submit = () =>
    save.mutate(
      { is_linked_by_domain: isOn, excluded_domains: domains },
      {
        onSuccess: () => {
          toast(t('linking.saved'));
          onClose();
        },
      },
    );
  return (
    <Stack gap="md">
      <Switch
        label={t('linking.on')}
        description={t('linking.onHint')}
        checked={isOn}
        onChange={(event) => setOn(event.currentTarget.checked)}
      />
      <TagsInput
        label={t('linking.excluded')}
        description={t('linking.excludedHint')}
        placeholder={domains.length === 0 ? 'example.com' : undefined}
        disabled={!isOn}
        value={domains}
        onChange={setDomains}
        error={save.isError ? messageOf(save.error) : undefined}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button loading={save.isPending} onClick={submit}>
          {t('save')}
        </Button>
      </Group>
    </Stack>
  );
}
