/** A month of campaigns, each on the day it was or will be sent. */
import { ActionIcon, Box, Card, Group, ScrollArea, Text, Title } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkAnchor } from '@/ui/links';
import { type Campaign, calendarQuery } from '../api';
import classes from '../campaigns.module.css';
import { daysOf, localDay, monthAfter } from '../model';

const monthName = (month: string) =>
  new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
const weekday = (day: string) =>
  new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));

export function Calendar() {
  const { t } = useTranslation('campaigns');
  const today = localDay(new Date().toISOString());
  const [month, setMonth] = useState(today.slice(0, 7));
  const days = daysOf(month);
  const begins = new Date(`${days[0]}T00:00:00`).toISOString();
  const ends = new Date(new Date(`${days.at(-1)}T00:00:00`).getTime() + 86_400_000).toISOString();
  const { data } = useQuery(calendarQuery(begins, ends));
  const on = (day: string) =>
    data?.items.filter((item) => localDay(item.started_at ?? item.scheduled_at ?? '') === day) ?? [];
  return (
    <Card padding="md">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4" aria-live="polite">
          {monthName(month)}
        </Title>
        <Group gap={4}>
          <ActionIcon
            variant="default"
            aria-label={t('calendar.earlier')}
            onClick={() => setMonth(monthAfter(month, -1))}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon variant="default" aria-label={t('calendar.later')} onClick={() => setMonth(monthAfter(month, 1))}>
            <IconChevronRight size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, 'aria-label': t('calendar.label') }}>
        <Box className={classes.month}>
          {days.slice(0, 7).map((day) => (
            <Text key={day} size="xs" c="dimmed" ta="center">
              {weekday(day)}
            </Text>
          ))}
          {days.map((day) => (
            <div key={day} className={classes.day} data-other={day.slice(0, 7) !== month || undefined}>
              <Text size="xs" c={day === today ? undefined : 'dimmed'} fw={day === today ? 700 : 400} className="num">
                {Number(day.slice(8))}
              </Text>
              {on(day).map((item) => (
                <Entry key={item.id} item={item} />
              ))}
            </div>
          ))}
        </Box>
      </ScrollArea>
    </Card>
  );
}

function Entry({ item }: { item: Campaign }) {
  return (
    <LinkAnchor
      to="/campaigns/$id"
      params={{ id: String(item.id) }}
      className={classes.entry}
      data-state={item.state}
      title={item.name}
    >
      {item.name}
    </LinkAnchor>
  );
}
