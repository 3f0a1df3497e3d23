/** What a row does to someone who is there already, and how new subscriptions stand. */
import { Radio, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type GivenStatus, givenStatuses, type ImportOptions, type Rule, rules } from '../api';

type Props = { options: ImportOptions; onChange: (options: ImportOptions) => void };

export function RulesFields({ options, onChange }: Props) {
  const { t } = useTranslation('imports');
  return (
    <Stack gap="md" mt="md">
      {options.list_ids.length > 0 && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <Select
            label={t('options.status')}
            description={t('options.statusHint')}
            allowDeselect={false}
            data={givenStatuses.map((status) => ({ value: status, label: t(`statuses.${status}`) }))}
            value={options.status}
            onChange={(status) => onChange({ ...options, status: (status ?? 'active') as GivenStatus })}
          />
          <TextInput
            label={t('options.consent')}
            description={t('options.consentHint')}
            placeholder={t('options.consentPlaceholder')}
            maxLength={1000}
            disabled={options.status === 'unconfirmed'}
            value={options.consent}
            onChange={(event) => onChange({ ...options, consent: event.currentTarget.value })}
          />
        </SimpleGrid>
      )}
      <Radio.Group
        label={t('options.rule')}
        description={t('options.ruleHint')}
        value={options.rule}
        onChange={(rule) => onChange({ ...options, rule: rule as Rule })}
      >
        <Stack gap="xs" mt="xs">
          {rules.map((rule) => (
            <Radio key={rule} value={rule} label={t(`rules.${rule}`)} description={t(`ruleHints.${rule}`)} />
          ))}
        </Stack>
      </Radio.Group>
    </Stack>
  );
}
