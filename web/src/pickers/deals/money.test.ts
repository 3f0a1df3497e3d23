import { describe, expect, it } from 'vitest';
import { addSums, formatMoney, formatSums, fromUnits, toUnits } from './money';

describe('money', () => {
  it('knows how many digits a currency has', () => {
    expect(fromUnits(12.5, 'EUR')).toBe(1250);
    expect(fromUnits(12, 'JPY')).toBe(12);
    expect(fromUnits(1.5, 'KWD')).toBe(1500);
    // People leave out fillér and sen, yet they are what the server counts in.
    expect(fromUnits(12, 'HUF')).toBe(1200);
    expect(toUnits(1200, 'IDR')).toBe(12);
    expect(toUnits(1250, 'USD')).toBe(12.5);
  });

  it('leaves out cents where there are none', () => {
    expect(formatMoney(125_000, 'EUR')).toMatch(/1.?250/);
    expect(formatMoney(125_000, 'EUR')).not.toMatch(/00$|[.,]00/);
    expect(formatMoney(125_050, 'EUR')).toMatch(/1.?250[.,]50/);
  });

  it('adds by currency', () => {
    expect(addSums([{ EUR: 1 }, { EUR: 2, USD: 3 }])).toEqual({ EUR: 3, USD: 3 });
    expect(formatSums({})).toBe('');
  });
});
