import { expect, it } from 'vitest';
import { tagOf } from './tags';

it('makes a tag of a name', () => {
  expect(tagOf("This week's offer")).toBe('THIS_WEEK_S_OFFER');
  expect(tagOf('2nd café (new)')).toBe('ND_CAFE_NEW');
  expect(tagOf('7')).toBe('');
});
