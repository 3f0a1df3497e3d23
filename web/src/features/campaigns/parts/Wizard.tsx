/** A draft in four steps; every change is saved at once. */
import { Button, Card, Group, Radio, Stack, Stepper, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toastError } from '@/ui/toast';
import { type Campaign, type CampaignChange, useSaveCampaign } from '../api';
import classes from '../campaigns.module.css';
import { isRecurring, localMoment } from '../model';
import { AudienceStep } from './AudienceStep';
import { MessageStep } from './MessageStep';
import { ReviewStep } from './ReviewStep';
import { TimingFields } from './TimingFields';

export type StepProps = { campaign: Campaign; save: (changes: CampaignChange) => void };
const steps = ['audience', 'message', 'schedule', 'review'] as const;

/** A draft, or a campaign that goes on and is paused: then without what starts it. */
export function Wizard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const [active, setActive] = useState(campaign.state === 'scheduled' ? 3 : 0);
  const [at, setAt] = useState<string | null>(campaign.scheduled_at);
  const { mutate, isPending } = useSaveCampaign(campaign.id);
  const shown = campaign.state === 'paused' ? steps.slice(0, 3) : steps;
  const save = (changes: CampaignChange) => mutate(changes, { onError: toastError });
  return (
    <Stack gap="lg">
      <Stepper
        active={active}
        onStepClick={setActive}
        size="sm"
        iconSize={30}
        wrap={false}
        classNames={{ stepBody: classes.stepBody }}
      >
        {shown.map((step) => (
          <Stepper.Step key={step} label={t(`steps.${step}`)} aria-label={t(`steps.${step}`)} />
        ))}
      </Stepper>
      {active === 0 && <AudienceStep campaign={campaign} save={save} />}
      {active === 1 && <MessageStep campaign={campaign} save={save} />}
      {active === 2 && isRecurring(campaign) && <TimingFields campaign={campaign} save={save} />}
      {active === 2 && campaign.state !== 'paused' && (
        <ScheduleStep campaign={campaign} save={save} at={at} onAt={setAt} />
      )}
      {active === 3 && <ReviewStep campaign={campaign} at={at} />}
      <Group justify="space-between">
        <Button variant="default" disabled={active === 0} onClick={() => setActive(active - 1)}>
          {t('previous')}
        </Button>
        <Text size="sm" c="dimmed" aria-live="polite">
          {isPending ? t('saving') : t('saved')}
        </Text>
        <Button disabled={active === shown.length - 1} onClick={() => setActive(active + 1)}>
          {t('next')}
        </Button>
      </Group>
    </Stack>
  );
}

const HOUR = 3_600_000;

function ScheduleStep({
  campaign,
  save,
  at,
  onAt,
}: StepProps & { at: string | null; onAt: (at: string | null) => void }) {
  const { t } = useTranslation('campaigns');
  return (
    <Card padding="lg">
      <Stack>
        <Radio.Group
          label={t(isRecurring(campaign) ? 'schedule.starts' : 'schedule.when')}
          value={at ? 'later' : 'now'}
          onChange={(chosen) => onAt(chosen === 'later' ? new Date(Date.now() + 24 * HOUR).toISOString() : null)}
        >
          <Group mt={6}>
            <Radio value="now" label={t('schedule.now')} />
            <Radio value="later" label={t('schedule.later')} />
          </Group>
        </Radio.Group>
        {at && (
          <>
            <TextInput
              type="datetime-local"
              label={t('schedule.at')}
              value={localMoment(at)}
              onChange={(event) => event.currentTarget.value && onAt(new Date(event.currentTarget.value).toISOString())}
              maw={260}
            />
            {!isRecurring(campaign) && (
              <Switch
                label={t('schedule.local')}
                description={t('schedule.localText')}
                checked={campaign.is_local_time}
                onChange={(event) => save({ is_local_time: event.currentTarget.checked })}
              />
            )}
          </>
        )}
      </Stack>
    </Card>
  );
}
