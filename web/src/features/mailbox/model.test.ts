import { expect, test } from 'vitest';
import { framed, headerPairs } from './model';

test('links of a mail open in a new tab', () => {
  expect(framed('<html><head><title>Hi</title></head></html>')).toContain('<head><base target="_blank"');
  expect(framed('<p>Hi</p>')).toMatch(/^<base target="_blank"/);
});

test('headers are understood as pairs, objects and a mapping', () => {
  const pairs = [['Subject', 'Hi']];
  expect(headerPairs([['Subject', 'Hi']])).toEqual(pairs);
  expect(headerPairs([{ name: 'Subject', value: 'Hi' }])).toEqual(pairs);
  expect(headerPairs({ Subject: 'Hi' })).toEqual(pairs);
});
