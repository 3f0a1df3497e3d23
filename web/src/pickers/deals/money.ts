/** Amounts of money: rows hold the smallest unit, people read and write whole ones. */

import { LOCALE } from '@/lib/format';

function style(currency: string, options: Intl.NumberFormatOptions) {
  try {
    return new Intl.NumberFormat(LOCALE, { style: 'currency', currency, ...options });
  } catch {
    return new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2 });
  }
}

// As the server has them, from ISO 4217. The browser's own table says how people like to read a currency (forints
// without fillér), not what its smallest unit is.
const WHOLE = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const THOUSANDTHS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** Digits behind the point. */
export const digitsOf = (currency: string) => (WHOLE.has(currency) ? 0 : THOUSANDTHS.has(currency) ? 3 : 2);

export const toUnits = (value: number, currency: string) => value / 10 ** digitsOf(currency);

export const fromUnits = (amount: number, currency: string) => Math.round(amount * 10 ** digitsOf(currency));

/** Whole amounts are shown without cents. */
export function formatMoney(value: number, currency: string): string {
  const amount = toUnits(value, currency);
  const digits = Number.isInteger(amount) ? 0 : digitsOf(currency);
  return style(currency, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount);
}

/** Sums in several currencies, side by side, without cents. */
export const formatSums = (sums: Record<string, number>) =>
  Object.entries(sums)
    .map(([currency, value]) => style(currency, { maximumFractionDigits: 0 }).format(toUnits(value, currency)))
    .join(' + ');

export function addSums(all: Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const sums of all) {
    for (const [currency, value] of Object.entries(sums)) total[currency] = (total[currency] ?? 0) + value;
  }
  return total;
}
