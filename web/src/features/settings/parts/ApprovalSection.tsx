/** Whether campaigns are sent only as an admin has approved them. */
import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { toast, toastError } from '@/ui/toast';
import { policyQuery, useSavePolicy } from '../api';
import { Section } from './Section';

export function ApprovalSection() {
  const { t } = useTranslation('settings');
  const query = useQuery(policyQuery);
  const save = useSavePolicy();
  const mayChange = useMay('admin');
  return (
    <Section title={t('approval.title')} text={t('approval.text')} query={query}>
      {(policy) => (
        <Switch
          label={t('approval.needed')}
          description={t('approval.hint')}
          disabled={!mayChange || save.isPending}
          checked={policy.needs_approval}
          onChange={(event) =>
            save.mutate(
              { needs_approval: event.currentTarget.checked },
              { onSuccess: () => toast(t('saved')), onError: toastError },
            )
          }
        />
      )}
    </Section>
  );
}
