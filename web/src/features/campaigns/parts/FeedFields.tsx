/** Which feed a campaign follows, how often, and how much of it goes out; a look at what is in it. */
import { Alert, Anchor, Button, Card, Group, NumberInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconRss } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { formatDate, formatNumber } from '@/lib/format';
import { type Feed, type Timing, useLookAtFeed, type Weekday } from '../api';
import { SavedText } from './SavedText';
import type { TimingProps } from './TimingFields';

const rhythms = ['hour', 'day', 'week', 'month'] as const;
const weekdays: Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export function FeedFields({ timing, set }: TimingProps) {
  const { t } = useTranslation('campaigns');
  const look = useLookAtFeed();
  return (
    <Stack>
      <Group align="flex-end">
        <SavedText
          label={t('feed.url')}
          description={t('feed.urlText')}
          type="url"
          placeholder="https://"
          value={timing.feed_url}
          onSave={(feed_url) => {
            set({ feed_url });
            if (feed_url) look.mutate(feed_url);
          }}
          style={{ flex: '1 1 260px' }}
        />
        <Button
          variant="default"
          leftSection={<IconRss size={16} />}
          disabled={!timing.feed_url}
          loading={look.isPending}
          onClick={() => look.mutate(timing.feed_url)}
        >
          {t('feed.look')}
        </Button>
      </Group>
      <div aria-live="polite">
        {look.isError && <Alert color="red">{messageOf(look.error)}</Alert>}
        {look.data && !look.isPending && <Found feed={look.data} />}
      </div>
      <Group align="flex-end">
        <Select
          label={t('feed.every')}
          allowDeselect={false}
          value={timing.every}
          data={rhythms.map((value) => ({ value, label: t(`feed.rhythms.${value}`) }))}
          onChange={(every) => set({ every: every as Timing['every'] })}
          w={150}
        />
        {timing.every === 'week' && (
          <Select
            label={t('feed.weekday')}
            allowDeselect={false}
            value={timing.weekday}
            data={weekdays.map((value) => ({ value, label: t(`feed.weekdays.${value}`) }))}
            onChange={(weekday) => set({ weekday: weekday as Weekday })}
            w={150}
          />
        )}
        {timing.every !== 'hour' && (
          <TextInput
            type="time"
            label={t('timing.time')}
            value={timing.at_time}
            onChange={(event) => event.currentTarget.value && set({ at_time: event.currentTarget.value })}
            w={130}
          />
        )}
        <NumberInput
          label={t('feed.most')}
          min={1}
          max={50}
          allowDecimal={false}
          value={timing.most_items}
          onChange={(most) => typeof most === 'number' && most > 0 && set({ most_items: most })}
          w={150}
        />
      </Group>
      <Switch
        label={t('feed.existing')}
        description={t('feed.existingText')}
        checked={timing.include_existing}
        onChange={(event) => set({ include_existing: event.currentTarget.checked })}
      />
    </Stack>
  );
}

function Found({ feed }: { feed: Feed }) {
  const { t } = useTranslation('campaigns');
  return (
    <Card padding="md" withBorder>
      <Text fw={600}>{feed.title || t('feed.untitled')}</Text>
      <Text size="sm" c="dimmed" mb={6}>
        {t('feed.found', { count: feed.count, shown: formatNumber(feed.count) })}
      </Text>
      <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {feed.items.map((item) => (
          <Text key={item.link + item.title} component="li" size="sm">
            <Anchor href={item.link || undefined} target="_blank" rel="noreferrer" size="sm">
              {item.title}
            </Anchor>
            {item.published_at && <span> · {formatDate(item.published_at)}</span>}
          </Text>
        ))}
      </Stack>
    </Card>
  );
}
