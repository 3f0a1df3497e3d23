import { expect, test } from 'vitest';
import { type Speech, sentenceOf, type Word } from './sentence';

const templates: Record<string, string> = { field: '{field_id} {operator}', on_list: 'Is on {list_id}[ as {status}]' };
const speech: Speech = {
  template: (type) => templates[type] ?? null,
  operator: (name) => (name === 'in_last_days' ? 'is in the last {value} days' : null),
  choice: (choice) => choice.replaceAll('_', ' '),
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

test('a condition nobody wrote a template for is still readable', () => {
  const schema = { properties: { tag_ids: { type: 'array' }, days: { type: 'integer' } }, required: ['tag_ids'] };
  const words = sentenceOf({ type: 'new', params: { tag_ids: [1, 2], days: 30 } }, 'Got tags', schema, speech);
  expect(show(words)).toBe('Got tags <tag 1, tag 2>, days <30>');
});
