import { expect, test } from 'vitest';
import { growth, partOfDay, rate } from './model';

test('nothing sent has no rate', () => {
  expect(rate(0, 0)).toBeNull();
  expect(rate(1, 4)).toBe(0.25);
});

test('growth adds up day by day', () => {
  expect(growth([2, 3, 5])).toEqual([2, 5, 10]);
});

test('the greeting follows the clock', () => {
  expect([4, 9, 12, 18].map(partOfDay)).toEqual(['evening', 'morning', 'afternoon', 'evening']);
});
