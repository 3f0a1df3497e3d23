import { describe, expect, it } from 'vitest';
import type { Contact, Field } from '@/pickers/api';
import { defaultSide, rowsOf } from './model';

const contact = (changes: Partial<Contact>): Contact =>
  ({
    id: 1,
    email: null,
    first_name: '',
    last_name: '',
    phone: '',
    fields: {},
    updated_at: '2026-01-01',
    ...changes,
  }) as Contact;

describe('rowsOf', () => {
  const ada = contact({ email: 'a@example.com', first_name: 'Ada', fields: { 7: ['red', 'blue'] } });
  const twin = contact({ email: 'b@example.com', first_name: 'Ada', updated_at: '2026-02-01' });
  const rows = rowsOf(ada, twin, [{ id: 7, name: 'Colours' } as Field, { id: 8, name: 'Never set' } as Field]);

  it('has what either of them has', () => {
    expect(rows.map((row) => [row.name, row.first, row.second, row.isSame])).toEqual([
      ['email', 'a@example.com', 'b@example.com', false],
      ['first_name', 'Ada', 'Ada', true],
      ['fields.7', 'red, blue', '', false],
    ]);
  });

  it('keeps the newest value that is not empty', () => {
    expect(rows.map((row) => defaultSide(row, ada, twin))).toEqual(['second', 'second', 'first']);
  });
});
