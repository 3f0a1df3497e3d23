import { expect, test } from 'vitest';
import type { ImportColumn } from './api';
import {
  choiceOf,
  firstMapping,
  hasDates,
  mappingProblems,
  parseNewField,
  setTarget,
  shareDone,
  targetOf,
} from './model';

const column = (index: number, header: string, target?: string): ImportColumn => ({
  index,
  header,
  samples: [],
  suggestion: { target: target ?? 'skip' },
});

test('the mapping begins with the suggestions and skips the rest', () => {
  expect(firstMapping([column(0, 'Mail', 'email'), column(1, 'Shoe size')], [])).toEqual([
    { index: 0, target: 'email' },
    { index: 1, target: 'skip' },
  ]);
});

test('what was chosen before stands above the suggestion', () => {
  expect(firstMapping([column(0, 'Mail', 'email')], [{ index: 0, target: 'phone' }])).toEqual([
    { index: 0, target: 'phone' },
  ]);
});

test('a mapping needs an e-mail column', () => {
  expect(mappingProblems([{ index: 0, target: 'phone' }]).get(-1)).toBe('noEmail');
});

test('one target cannot be filled twice, except tags', () => {
  const mapping = [
    { index: 0, target: 'email' },
    { index: 1, target: 'email' },
    { index: 2, target: 'tags' },
    { index: 3, target: 'tags' },
  ];
  expect([...mappingProblems(mapping)]).toEqual([[1, 'twice']]);
});

test('a name comes whole or in parts, not both', () => {
  const mapping = ['email', 'first_name', 'full_name'].map((target, index) => ({ index, target }));
  expect([...mappingProblems(mapping)]).toEqual([[2, 'nameTwice']]);
});

test('dates are found in new fields and in fields that exist', () => {
  expect(hasDates([{ index: 0, target: 'new_field:date:Born' }], [])).toBe(true);
  expect(hasDates([{ index: 0, target: 'field:4' }], [{ id: 4, type: 'datetime' }])).toBe(true);
  expect(hasDates([{ index: 0, target: 'field:5' }], [{ id: 5, type: 'text' }])).toBe(false);
});

test('a new field takes its name from the column and may hold a colon', () => {
  const target = targetOf('new_field:text:', column(4, 'Size: EU'));
  expect(target).toBe('new_field:text:Size: EU');
  expect(parseNewField(target)).toEqual({ type: 'text', name: 'Size: EU' });
  expect(choiceOf(target)).toBe('new_field:text:');
});

test('a new field needs a name', () => {
  const mapping = setTarget(
    [
      { index: 0, target: 'email' },
      { index: 1, target: 'skip' },
    ],
    1,
    'new_field:text: ',
  );
  expect(mappingProblems(mapping).get(1)).toBe('unnamed');
});

test('progress has no share before the rows are counted', () => {
  const progress = { rows_done: 5, rows_total: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
  expect(shareDone(progress)).toBeNull();
  expect(shareDone({ ...progress, rows_total: 20 })).toBe(25);
});
