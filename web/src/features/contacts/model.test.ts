import { expect, test } from 'vitest';
import { filterOf, showValue, standingOf, wordOf } from './model';

test('the best subscription decides the standing', () => {
  const list = (id: number, status: 'active' | 'bounced' | 'unsubscribed') => ({ id, name: `List ${id}`, status });
  expect(standingOf({ lists: [list(1, 'unsubscribed'), list(2, 'active')] })).toBe('active');
  expect(standingOf({ lists: [list(1, 'bounced'), list(2, 'unsubscribed')] })).toBe('unsubscribed');
  expect(standingOf({ lists: [] })).toBeNull();
});

test('empty parts of the address are no filter', () => {
  expect(filterOf({ q: '  ', tag: undefined })).toEqual({});
  expect(filterOf({ q: ' ada ', tag: 3, status: 'active' })).toEqual({ search: 'ada', tag_id: 3, status: 'active' });
});

test('values are shown in one line', () => {
  expect(showValue(['Red', 'Blue'])).toBe('Red, Blue');
  expect(showValue(0)).toBe('0');
  expect(showValue(null)).toBe('');
});

test('a state is understood as word and as number', () => {
  expect(wordOf(['queued', 'sent'], 1)).toBe('sent');
  expect(wordOf(['queued', 'sent'], 'sent')).toBe('sent');
});
