import { describe, expect, it } from 'vitest';
import type { Domain, Limit, Server } from './api';
import { healthOf, isEmail, isResting, nameOf, shareOf, splitList } from './model';

const domain = (checks: string[], checked_at: string | null) =>
  ({ checks: checks.map((status) => ({ status })), checked_at }) as unknown as Domain;

describe('senders', () => {
  it('splits lists of domains', () => {
    expect(splitList(' A.com, b.com;c.com\n')).toEqual(['a.com', 'b.com', 'c.com']);
    expect(splitList('')).toEqual([]);
  });
  it('knows an address', () => {
    expect(isEmail('ada@example.com')).toBe(true);
    expect(isEmail('ada')).toBe(false);
  });
  it('says how a domain stands', () => {
    expect(healthOf(domain([], null))).toBe('unchecked');
    expect(healthOf(domain(['ok', 'ok'], '2026-11-22'))).toBe('ready');
    expect(healthOf(domain(['ok', 'unknown'], '2026-11-22'))).toBe('attention');
  });
  it('says when a server rests', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    expect(isResting({ open_until: '2026-11-22T12:00:10Z' } as Server, now)).toBe(true);
    expect(isResting({ open_until: '2026-11-22T11:59:50Z' } as Server, now)).toBe(false);
    expect(isResting({ open_until: null } as Server, now)).toBe(false);
  });
  it('names what a limit is for', () => {
    expect(nameOf('relay', '3', [], [{ id: 3, name: 'SES' } as Server])).toBe('SES');
    expect(nameOf('sender', '3', [], [])).toBeNull();
    expect(nameOf('domain', 'gmail.com', [], [])).toBe('gmail.com');
  });
  it('figures how much of today is used', () => {
    expect(shareOf({ allowed_today: 200, used_today: 50 } as Limit)).toBe(25);
    expect(shareOf({ allowed_today: null, used_today: 50 } as Limit)).toBeNull();
  });
});
