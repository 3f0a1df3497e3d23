import { expect, test } from 'vitest';
import { showCompared } from './compared';

test('what was compared is readable, whatever it is', () => {
  expect(showCompared(['VIP', 'Newsletter'])).toBe('VIP, Newsletter');
  expect(showCompared({ last_open: null, count: 3 })).toBe('count 3');
  expect(showCompared([])).toBe('');
  expect(showCompared(null)).toBe('');
  expect(showCompared('2026-11-22T10:00:00Z')).toContain('2026');
});
