/** Numbers, dates and sizes as people read them. Everything goes through Intl. */

/** The reader's language; some browsers tell one that Intl does not take, as en-US@posix. */
function readLocale(): string {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

export const LOCALE = readLocale();

const integer = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });
const percentage = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const dayMonth = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat(LOCALE, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto', style: 'short' });
const names = new Intl.ListFormat(LOCALE, { style: 'long', type: 'conjunction' });

export const formatNumber = (value: number) => integer.format(value);
export const formatShort = (value: number) => short.format(value);
export const formatPercent = (share: number) => percentage.format(share);
export const formatDate = (iso: string) => day.format(new Date(iso));
/** For a calendar day without a time, such as "2026-11-22". */
export const formatDay = (iso: string) => dayMonth.format(new Date(iso));
export const formatMoment = (iso: string) => moment.format(new Date(iso));
export const formatNames = (items: string[]) => names.format(items);

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
  ['month', 2_592_000],
  ['year', 31_536_000],
];

export function formatAgo(iso: string, now: number = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  if (Math.abs(seconds) < 45) return relative.format(0, 'second');
  let [unit, size] = STEPS[0] as [Intl.RelativeTimeFormatUnit, number];
  for (const step of STEPS) if (Math.abs(seconds) >= step[1]) [unit, size] = step;
  return relative.format(Math.round(seconds / size), unit);
}

const BYTES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), BYTES.length - 1);
  return new Intl.NumberFormat(LOCALE, {
    style: 'unit',
    unit: BYTES[power],
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}
