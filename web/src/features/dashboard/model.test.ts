import { expect, test } from 'vitest';
import { partOfDay, rate, runningTotal } from './model';

const day = (contacts: number) => ({ day: '2026-11-22', sent: 0, opened: 0, clicked: 0, contacts });

test('nothing sent has no rate', () => {
  expect(rate(0, 0)).toBeNull();
  expect(rate(1, 4)).toBe(0.25);
});

test('the running total ends at the total of today', () => {
  expect(runningTotal([day(2), day(3), day(5)], 100)).toEqual([92, 95, 100]);
});

test('the greeting follows the clock', () => {
  expect([4, 9, 12, 18].map(partOfDay)).toEqual(['evening', 'morning', 'afternoon', 'evening']);
});
