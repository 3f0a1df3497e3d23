/** Pure logic of campaigns: shares, months, and which segment a group of recipients makes. */
import { formatPercent } from '@/lib/format';
import type { Campaign, CampaignKind, CampaignState, Figures, LinkCount, Report, Revenue, Variant } from './api';

export const stateColors: Record<CampaignState, string> = {
  draft: 'gray',
  scheduled: 'indigo',
  sending: 'blue',
  paused: 'yellow',
  sent: 'teal',
  cancelled: 'gray',
};

export const kinds: CampaignKind[] = ['standard', 'split', 'autoresponder', 'date_based', 'rss'];

/** Whether it goes on until somebody stops it. */
export const isRecurring = ({ kind }: Pick<Campaign, 'kind'>) => kind !== 'standard' && kind !== 'split';

export const spans = ['hours', 'days'] as const;
export type Span = (typeof spans)[number];

/** Hours as people say them: 48 are two days, 36 stay hours. */
export const delayOf = (hours: number): { count: number; span: Span } =>
  hours % 24 === 0 ? { count: hours / 24, span: 'days' } : { count: hours, span: 'hours' };

export const hoursOf = ({ count, span }: { count: number; span: Span }) => (span === 'days' ? count * 24 : count);

export const letterOf = (number: number) => 'ABCDE'[number - 1] ?? '';

/** A part of a whole from 0 to 1; nothing of nothing is null. */
export const shareOf = (part: number, whole: number) => (whole > 0 ? part / whole : null);

/** The share as people read it. */
export function shareText(part: number, whole: number): string {
  const share = shareOf(part, whole);
  return share === null ? '–' : formatPercent(share);
}

/** How far sending is, from 0 to 1. */
export function progressOf({ figures, frozen_count }: Pick<Campaign, 'figures' | 'frozen_count'>): number {
  const ended = figures.sent + figures.failed + figures.refused;
  return Math.min(1, shareOf(ended, Math.max(frozen_count, figures.total)) ?? 0);
}

/** What is reached of those that were sent. */
export const funnelOf = (figures: Figures) =>
  (['sent', 'opened', 'clicked', 'unsubscribed', 'bounced'] as const).map((name) => ({
    name,
    count: name === 'bounced' ? figures.bounced + figures.failed : figures[name],
    share: shareOf(
      name === 'bounced' ? figures.bounced + figures.failed : figures[name],
      name === 'bounced' || name === 'sent' ? figures.total : figures.sent,
    ),
  }));

/** Revenue as sums by currency, for formatSums. */
export const sumsOf = (revenue: Revenue[]) => Object.fromEntries(revenue.map((one) => [one.currency, one.value]));

export const wonOf = (revenue: Revenue[]) => revenue.reduce((count, one) => count + one.won, 0);

export type MappedLink = LinkCount & { share: number | null; heat: number };

/** A variant's links, the most clicked first, with their share of its clicks and of the most clicked one. */
export function mappedLinks(links: LinkCount[], variant: number): MappedLink[] {
  const own = links.filter((link) => link.variant === variant);
  const total = own.reduce((sum, link) => sum + link.clicks, 0);
  const most = Math.max(0, ...own.map((link) => link.clicks));
  return own
    .map((link) => ({ ...link, share: shareOf(link.clicks, total), heat: shareOf(link.clicks, most) ?? 0 }))
    .sort((a, b) => b.clicks - a.clicks || a.link - b.link);
}

type Point = Report['hours'][number];
const DAY = 86_400_000;
const LONG = 14 * DAY;

/** Whether a report goes over so long that days say more than hours. */
export const isLong = (hours: Point[]) =>
  Date.parse(hours.at(-1)?.hour ?? '') - Date.parse(hours[0]?.hour ?? '') > LONG;

/** The hours of a long report by days of the reader's calendar, also those on which nothing happened. */
export function byDay(hours: Point[]): Point[] {
  const days = new Map<string, Point>();
  const last = localDay(hours.at(-1)?.hour ?? '');
  for (let at = Date.parse(hours[0]?.hour ?? ''); localDay(new Date(at).toISOString()) <= last; at += DAY) {
    const day = localDay(new Date(at).toISOString());
    days.set(day, { hour: `${day}T12:00:00`, sent: 0, opened: 0, clicked: 0 });
  }
  for (const { hour, sent, opened, clicked } of hours) {
    const day = days.get(localDay(hour));
    if (!day) continue;
    day.sent += sent;
    day.opened += opened;
    day.clicked += clicked;
  }
  return [...days.values()];
}

const leaf = (type: string, params: Record<string, unknown>) => ({ type, params });

/** The condition for a new segment of those who did something with what was sent. */
export function conditionOf(
  variants: Pick<Variant, 'sent_message_id'>[],
  what: 'opened' | 'unopened' | 'clicked' | 'replied',
) {
  const ids = variants.flatMap((item) => (item.sent_message_id ? [item.sent_message_id] : []));
  const any = (type: string) => ({ match: 'any', conditions: ids.map((id) => leaf(type, { message_id: id })) });
  if (what === 'opened') return any('opened_message');
  if (what === 'clicked') return any('clicked_link');
  if (what === 'replied') {
    const wrote = ids.map((id) => leaf('did', { fact: 'message_replied', object_id: id }));
    return { match: 'any', conditions: wrote };
  }
  const not = { match: 'none', conditions: [any('opened_message')] };
  return { match: 'all', conditions: [any('was_sent'), not] };
}

/** The days of a month's sheet, from a Monday to a Sunday, as "2026-11-02". */
export function daysOf(month: string): string[] {
  const [year = 2026, number = 1] = month.split('-').map(Number);
  const first = new Date(Date.UTC(year, number - 1, 1));
  const start = first.getTime() - ((first.getUTCDay() + 6) % 7) * 86_400_000;
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const weeks = Math.ceil((count + ((first.getUTCDay() + 6) % 7)) / 7);
  return Array.from({ length: weeks * 7 }, (_, day) => new Date(start + day * 86_400_000).toISOString().slice(0, 10));
}

/** The month so many months on: "2026-12" and 1 make "2027-01". */
export function monthAfter(month: string, step: number): string {
  const [year = 2026, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + step, 1)).toISOString().slice(0, 7);
}

const two = (value: number) => String(value).padStart(2, '0');

/** The day of a moment on the reader's own clock. */
export function localDay(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** A moment as a field for date and time holds it. */
export function localMoment(iso: string): string {
  const at = new Date(iso);
  return `${localDay(iso)}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
