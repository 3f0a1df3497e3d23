/** The variants of a split campaign and the rules by which the best is found. */
import { ActionIcon, Button, Card, Group, NumberInput, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ObjectPicker } from '@/pickers/ObjectPicker';
import type { SplitTest, VariantBody } from '../api';
import { letterOf } from '../model';
import { SavedText } from './SavedText';
import type { StepProps } from './Wizard';

const bodyOf = ({ subject, from_name, from_email, message_id }: VariantBody): VariantBody => ({
  subject,
  from_name,
  from_email,
  message_id,
});
const empty: VariantBody = { subject: '', from_name: '', from_email: '', message_id: null };

export function VariantsFields({ campaign, save }: StepProps) {
  const { t } = useTranslation('campaigns');
  // What was written last counts, not what was answered last: fields are left faster than the server answers.
  const written = useRef<VariantBody[] | null>(null);
  const bodies = campaign.variants.map(bodyOf);
  const write = (variants: VariantBody[]) => {
    written.current = variants;
    save({ variants });
  };
  const change = (place: number, part: Partial<VariantBody>) =>
    write((written.current ?? bodies).map((body, index) => (index === place ? { ...body, ...part } : body)));
  return (
    <Card padding="lg">
      <Title order={2} size="h5" mb="sm">
        {t('split.title')}
      </Title>
      <Stack gap="lg">
        {campaign.variants.map((variant, place) => {
          const letter = letterOf(variant.number);
          return (
            <div key={variant.number}>
              <Group justify="space-between">
                <Text fw={600} size="sm">
                  {t('split.variant', { letter })}
                </Text>
                {bodies.length > 2 && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('split.remove', { letter })}
                    onClick={() => write((written.current ?? bodies).filter((_, index) => index !== place))}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                )}
              </Group>
              <SimpleGrid cols={{ base: 1, sm: 3 }}>
                <SavedText
                  label={t('split.subject', { letter })}
                  value={variant.subject}
                  onSave={(subject) => change(place, { subject })}
                />
                <SavedText
                  label={t('split.from', { letter })}
                  value={variant.from_name}
                  onSave={(from_name) => change(place, { from_name })}
                />
                <ObjectPicker
                  kind="message"
                  clearable
                  label={t('split.message', { letter })}
                  value={variant.message_id}
                  onChange={(message_id) => change(place, { message_id })}
                />
              </SimpleGrid>
            </div>
          );
        })}
        {bodies.length < 5 && (
          <Group>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} />}
              onClick={() => write([...(written.current ?? bodies), empty])}
            >
              {t('split.add')}
            </Button>
          </Group>
        )}
      </Stack>
      <Rules test={campaign.test} onChange={(test) => save({ test })} />
    </Card>
  );
}

/** Nobody wins a deal within the four hours that opens take. */
const chosen = (metric: SplitTest['metric'], hours: number): Partial<SplitTest> =>
  metric === 'revenue' && hours < 24 ? { metric, hours: 72 } : { metric };

function Rules({ test, onChange }: { test: SplitTest; onChange: (test: SplitTest) => void }) {
  const { t } = useTranslation('campaigns');
  const set = (part: Partial<SplitTest>) => onChange({ ...test, ...part });
  return (
    <>
      <Title order={2} size="h5" mt="xl" mb="sm">
        {t('split.rules')}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          label={t('split.share')}
          min={1}
          max={100}
          allowDecimal={false}
          value={test.share}
          onChange={(share) => typeof share === 'number' && set({ share })}
        />
        <Select
          label={t('split.metric')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          allowDeselect={false}
          value={test.metric}
          description={
            test.metric === 'revenue'
              ? t('split.revenueText')
              : test.metric === 'replies'
                ? t('split.repliesText')
                : undefined
          }
          data={(['opens', 'clicks', 'replies', 'revenue'] as const).map((value) => ({
            value,
            label: t(`split.metrics.${value}`),
          }))}
          onChange={(metric) => set(chosen(metric as SplitTest['metric'], test.hours))}
        />
        {test.metric === 'revenue' && (
          <NumberInput
            label={t('split.revenueDays')}
            min={1}
            max={90}
            allowDecimal={false}
            value={test.revenue_days}
            onChange={(days) => typeof days === 'number' && days >= 1 && set({ revenue_days: days })}
          />
        )}
        <Select
          label={t('split.rule')}
          allowDeselect={false}
          value={test.rule}
          data={(['period', 'significance', 'bandit'] as const).map((value) => ({
            value,
            label: t(`split.rulesOf.${value}`),
          }))}
          onChange={(rule) => set({ rule: rule as SplitTest['rule'] })}
        />
        <NumberInput
          label={t('split.hours')}
          min={0.1}
          max={720}
          value={test.hours}
          onChange={(hours) => typeof hours === 'number' && hours > 0 && set({ hours })}
        />
        <NumberInput
          label={t('split.confidence')}
          min={50}
          max={99.9}
          value={Math.round(test.confidence * 1000) / 10}
          onChange={(percent) => typeof percent === 'number' && percent >= 50 && set({ confidence: percent / 100 })}
        />
        <Select
          label={t('split.tie')}
          allowDeselect={false}
          value={test.tie}
          data={(['other_metric', 'first'] as const).map((value) => ({ value, label: t(`split.ties.${value}`) }))}
          onChange={(tie) => set({ tie: tie as SplitTest['tie'] })}
        />
      </SimpleGrid>
    </>
  );
}
