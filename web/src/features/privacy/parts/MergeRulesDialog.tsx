/** Which duplicates are merged without asking; shows whom that would be before it is saved. */
import { Alert, Button, Group, List, Modal, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOf } from '@/pickers/api';
import { toast, toastError } from '@/ui/toast';
import { type MergeRules, previewQuery, useSetRules } from '../merge-api';

export function MergeRulesDialog({ rules, onClose }: { rules: MergeRules; onClose: () => void }) {
  const { t } = useTranslation('privacy');
  const [draft, setDraft] = useState(rules);
  const isOn = draft.merges_same_mailbox || draft.merges_same_phone;
  const preview = useQuery({ ...previewQuery(draft), enabled: isOn });
  const save = useSetRules();
  const total = preview.data?.total ?? 0;
  const submit = () =>
    save.mutate(draft, {
      onSuccess: () => {
        toast(t('rules.saved'));
        onClose();
      },
      onError: toastError,
    });
  return (
    <Modal opened onClose={onClose} title={t('rules.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack gap="md">
        <Text size="sm">{t('rules.intro')}</Text>
        {(['merges_same_mailbox', 'merges_same_phone'] as const).map((name) => (
          <Switch
            key={name}
            label={t(`rules.${name}`)}
            description={t(`rules.${name}_hint`)}
            checked={draft[name]}
            onChange={(event) => setDraft({ ...draft, [name]: event.currentTarget.checked })}
          />
        ))}
        {isOn && preview.data && (
          <Alert color={total > 0 ? 'orange' : 'gray'} title={t('rules.preview', { count: total })} aria-live="polite">
            <List size="sm">
              {preview.data.items.map((pair) => (
                <List.Item key={`${pair.contact.id}-${pair.other.id}`}>
                  {nameOf(pair.contact)} ({pair.contact.email ?? t('noEmail')}) {t('duplicates.and')}{' '}
                  {nameOf(pair.other)} ({pair.other.email ?? t('noEmail')})
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button loading={save.isPending} onClick={submit}>
            {t('rules.save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
