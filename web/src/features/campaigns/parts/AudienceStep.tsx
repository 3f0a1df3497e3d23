/** Who gets the campaign, with how many that is. */
import { Card, Divider, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { formatNumber } from '@/lib/format';
import { ObjectsPicker } from '@/pickers/ObjectPicker';
import { type Audience, audienceQuery } from '../api';
import { isRecurring } from '../model';
import type { StepProps } from './Wizard';

export function AudienceStep({ campaign, save }: StepProps) {
  const { t } = useTranslation('campaigns');
  const audience = campaign.audience;
  const change = (part: Partial<Audience>) => save({ audience: { ...audience, ...part } });
  return (
    <Card padding="lg">
      <Stack>
        {campaign.kind === 'autoresponder' ? (
          <Text size="sm">{t('audience.subscribers')}</Text>
        ) : audience.unopened_campaign_id ? (
          <Text size="sm">{t('audience.unopened')}</Text>
        ) : (
          <Switch
            label={t('audience.everyone')}
            description={t('audience.everyoneText')}
            checked={audience.everyone}
            onChange={(event) => change({ everyone: event.currentTarget.checked })}
          />
        )}
        {!audience.everyone && !audience.unopened_campaign_id && (
          <>
            <ObjectsPicker
              kind="list"
              label={t('audience.lists')}
              value={audience.list_ids}
              onChange={(ids) => change({ list_ids: ids })}
            />
            {campaign.kind !== 'autoresponder' && (
              <ObjectsPicker
                kind="segment"
                label={t('audience.segments')}
                value={audience.segment_ids}
                onChange={(ids) => change({ segment_ids: ids })}
              />
            )}
          </>
        )}
        <Divider label={t('audience.but')} labelPosition="left" />
        <ObjectsPicker
          kind="list"
          label={t('audience.excludeLists')}
          value={audience.exclude_list_ids}
          onChange={(ids) => change({ exclude_list_ids: ids })}
        />
        <ObjectsPicker
          kind="segment"
          label={t('audience.excludeSegments')}
          value={audience.exclude_segment_ids}
          onChange={(ids) => change({ exclude_segment_ids: ids })}
        />
        {!isRecurring(campaign) && <Count audience={audience} />}
      </Stack>
    </Card>
  );
}

export function Count({ audience }: { audience: Audience }) {
  const { t } = useTranslation('campaigns');
  const { data, error } = useQuery(audienceQuery(audience));
  const isEmpty =
    !audience.everyone &&
    !audience.unopened_campaign_id &&
    audience.list_ids.length + audience.segment_ids.length === 0;
  const words = error
    ? messageOf(error)
    : data
      ? t('audience.count', { reachable: formatNumber(data.reachable), count: formatNumber(data.count) })
      : t('audience.counting');
  return (
    <Text fw={600} className="num" aria-live="polite">
      {isEmpty ? t('audience.none') : words}
    </Text>
  );
}
