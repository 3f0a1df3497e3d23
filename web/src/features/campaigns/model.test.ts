import { expect, test } from 'vitest';
import {
  byDay,
  conditionOf,
  daysOf,
  delayOf,
  funnelOf,
  hoursOf,
  isLong,
  mappedLinks,
  monthAfter,
  progressOf,
  shareOf,
} from './model';

const figures = {
  total: 100,
  waiting: 0,
  sent: 90,
  failed: 4,
  refused: 6,
  opened: 45,
  machine_opened: 12,
  clicked: 9,
  unsubscribed: 1,
  bounced: 1,
  replied: 2,
  revenue: [],
};

test('a month begins on a Monday and ends on a Sunday', () => {
  const days = daysOf('2026-11');
  expect(days[0]).toBe('2026-10-26');
  expect(days.at(-1)).toBe('2026-12-06');
  expect(daysOf('2027-02')).toHaveLength(28);
  expect(monthAfter('2026-12', 1)).toBe('2027-01');
  expect(monthAfter('2026-01', -1)).toBe('2025-12');
});

test('a report over weeks is by days, with the quiet ones', () => {
  const point = (hour: string, opened: number) => ({ hour, sent: 1, opened, clicked: 0 });
  const hours = [point('2026-10-20T10:00:00Z', 1), point('2026-10-20T11:00:00Z', 2), point('2026-11-10T10:00:00Z', 4)];
  expect([hours, hours.slice(0, 2), []].map(isLong)).toEqual([true, false, false]);
  const days = byDay(hours);
  expect(days).toHaveLength(22);
  expect([days[0]?.opened, days[1]?.opened, days[21]?.opened, days[0]?.sent]).toEqual([3, 0, 4, 2]);
});

test('delays are days where they can be', () => {
  expect([0, 36, 48].map(delayOf)).toEqual([
    { count: 0, span: 'days' },
    { count: 36, span: 'hours' },
    { count: 2, span: 'days' },
  ]);
  expect([0, 5, 72].map((hours) => hoursOf(delayOf(hours)))).toEqual([0, 5, 72]);
});

test('shares are of what was sent, bounces of everything', () => {
  expect(funnelOf(figures).map((step) => step.share)).toEqual([0.9, 0.5, 0.1, 1 / 90, 0.05]);
  expect(shareOf(1, 0)).toBeNull();
  expect(progressOf({ figures, frozen_count: 200 })).toBe(0.5);
});

test('those who did not open are those who were sent it, without those who opened', () => {
  const found = conditionOf([{ sent_message_id: 7 }, { sent_message_id: null }], 'unopened');
  expect(found.match).toBe('all');
  expect(JSON.stringify(found)).toContain('"message_id":7');
});

test('those who replied are found by the fact', () => {
  expect(conditionOf([{ sent_message_id: 7 }], 'replied').conditions).toEqual([
    { type: 'did', params: { fact: 'message_replied', object_id: 7 } },
  ]);
});

test('links are mapped by variant, hottest first', () => {
  const link = (variant: number, number: number, clicks: number) => ({
    variant,
    message_id: variant,
    link: number,
    url: `https://example.com/${number}`,
    clicks,
    people: clicks,
  });
  const found = mappedLinks([link(1, 1, 10), link(1, 2, 30), link(2, 1, 99), link(1, 3, 0)], 1);
  expect(found.map((one) => [one.link, one.share, one.heat])).toEqual([
    [2, 0.75, 1],
    [1, 0.25, 1 / 3],
    [3, 0, 0],
  ]);
  expect(mappedLinks([link(1, 1, 0)], 1)[0]?.share).toBeNull();
});
