/** A campaign that goes on, while it does: how many have got it, who is next; paused, what can be changed. */
import { Alert, Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatMoment, formatNumber } from '@/lib/format';
import { fieldsQuery } from '@/pickers/api';
import { type Campaign, issuesQuery, reportQuery } from '../api';
import { delayOf } from '../model';
import { Wizard } from './Wizard';

export function RunningCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const mayEdit = useMay('editor');
  const [isChanging, setChanging] = useState(false);
  const isPaused = campaign.state === 'paused';
  if (!isPaused && campaign.state !== 'sending') return null;
  return (
    <Stack mb="md">
      <Card padding="lg">
        <Text fw={600}>{t(isPaused ? 'running.paused' : 'running.title')}</Text>
        <Rule campaign={campaign} />
        {campaign.kind === 'rss' ? <Reading campaign={campaign} /> : <Coming campaign={campaign} />}
        {isPaused && (
          <Alert color="yellow" mt="sm">
            <Group justify="space-between">
              {campaign.pause_reason ?? t('running.change')}
              {mayEdit && !isChanging && (
                <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setChanging(true)}>
                  {t('running.edit')}
                </Button>
              )}
            </Group>
          </Alert>
        )}
      </Card>
      {isPaused && mayEdit && isChanging && <Wizard campaign={campaign} />}
    </Stack>
  );
}

/** How many have got it, and who is next. */
function Coming({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const { data } = useQuery(reportQuery(campaign.id));
  const { sent } = campaign.figures;
  return (
    <Text size="sm" c="dimmed" aria-live="polite" className="num">
      {t('running.reached', { count: sent, shown: formatNumber(sent) })}{' '}
      {data && data.coming > 0 && data.next_at
        ? t('running.coming', {
            count: data.coming,
            shown: formatNumber(data.coming),
            when: formatMoment(data.next_at),
          })
        : t(`running.none.${campaign.kind === 'autoresponder' ? 'autoresponder' : 'date_based'}`)}
    </Text>
  );
}

/** When the feed was read, and whether that went well. */
function Reading({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const { data } = useInfiniteQuery(issuesQuery(campaign.id));
  const state = data?.pages[0];
  return (
    <>
      <Text size="sm" c="dimmed" aria-live="polite" className="num">
        {state?.read_at ? t('feed.readAt', { when: formatMoment(state.read_at) }) : t('feed.unread')}{' '}
        {state?.next_at && t('feed.nextAt', { when: formatMoment(state.next_at) })}
      </Text>
      {state?.problem && (
        <Alert color="red" mt="sm">
          {state.problem}
        </Alert>
      )}
    </>
  );
}

/** When people get it, in a sentence. */
function Rule({ campaign: { kind, timing } }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const fields = useQuery({ ...fieldsQuery, enabled: kind === 'date_based' });
  const { count, span } = delayOf(timing.delay_hours);
  const field = fields.data?.items.find(({ id }) => id === timing.field_id)?.name ?? '…';
  const side = timing.days === 0 ? 'on' : timing.direction;
  return (
    <Text size="sm">
      {kind === 'rss'
        ? t(`feed.rules.${timing.every}`, {
            url: timing.feed_url,
            time: timing.at_time,
            weekday: t(`feed.weekdays.${timing.weekday}`),
          })
        : kind === 'date_based'
          ? t(`running.rules.${side}`, { count: timing.days, field, time: timing.at_time })
          : t(`running.rules.${count === 0 ? 'subscribed' : span}`, { count })}
    </Text>
  );
}
