/** Values that conditions are compared to, as text. */
import { formatMoment, formatNumber } from '@/lib/format';

const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;

/** A value that was compared, in one line; empty for nothing. */
export function showCompared(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.map(showCompared).join(', ');
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'boolean') return value ? '✓' : '–';
  if (typeof value === 'object') {
    const told = Object.entries(value).filter(([, part]) => showCompared(part) !== '');
    return told.map(([name, part]) => `${name.replaceAll('_', ' ')} ${showCompared(part)}`).join(', ');
  }
  return MOMENT.test(String(value)) ? formatMoment(String(value)) : String(value);
}
