import { expect, test } from 'vitest';
import { type Speech, sentenceOf, type Word } from './sentence';

const templates: Record<string, string> = {
  field: '{field_id} {operator}',
  on_list: 'Is on {list_id}[ as {status}]',
  did: '{fact}[ {object_id}][ {operator} {count} times]',
};
const speech: Speech = {
  template: (type) => templates[type] ?? null,
  operator: (name) => (name === 'in_last_days' ? 'is in the last {value} days' : null),
  choice: (choice) => choice.replaceAll('_', ' '),
  fact: (name) => (name === 'tag_added' ? { label: 'Tag is added', picker: 'tag' } : null),
  name: (kind, id) => `${kind} ${id}`,
  missing: (kind) => `a ${kind}`,
  label: (name) => name,
  yes: 'yes',
  no: 'no',
};
const show = (words: Word[]) => words.map((word) => (word.tone === 'plain' ? word.text : `<${word.text}>`)).join('');

test('a template is filled, and what was not chosen is left out or named', () => {
  const say = (type: string, params: Record<string, unknown>) =>
    show(sentenceOf({ type, params }, 'Label', { properties: {} }, speech));
  expect(say('field', { field_id: 3, operator: 'starts_with', value: 'Lon' })).toBe('<field 3> starts with <Lon>');
  expect(say('field', { field_id: 3, operator: 'in_last_days', value: 7 })).toBe('<field 3> is in the last <7> days');
  expect(say('field', { field_id: 3, operator: 'is_empty' })).toBe('<field 3> is empty');
  expect(say('on_list', { list_id: 2 })).toBe('Is on <list 2>');
  expect(say('on_list', { status: 'active' })).toBe('Is on <a list> as <active>');
});

test('what was left as it was is not said', () => {
  const properties = { count: { type: 'integer', default: 1 }, operator: { enum: ['at_least'], default: 'at_least' } };
  const say = (params: Record<string, unknown>) =>
    show(sentenceOf({ type: 'did', params }, '', { properties }, speech));
  expect(say({ fact: 'tag_added' })).toBe('<Tag is added>');
  expect(say({ fact: 'tag_added', object_id: 4, count: 3 })).toBe('<Tag is added> <tag 4> at least <3> times');
});

test('a condition nobody wrote a template for is still readable', () => {
  const schema = { properties: { tag_ids: { type: 'array' }, days: { type: 'integer' } }, required: ['tag_ids'] };
  const words = sentenceOf({ type: 'new', params: { tag_ids: [1, 2], days: 30 } }, 'Got tags', schema, speech);
  expect(show(words)).toBe('Got tags <tag 1, tag 2>, days <30>');
});
