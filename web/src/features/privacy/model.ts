/** What two contacts differ in, and whose value stays unless a person says otherwise. */
import type { Contact, Field, FieldValue } from '@/pickers/api';

export type Side = 'first' | 'second';
export type Row = { name: string; label: string | null; first: string; second: string; isSame: boolean };

const plain = [
  'email',
  'first_name',
  'last_name',
  'phone',
  'city',
  'postal_code',
  'region',
  'country',
  'language',
  'time_zone',
] as const;
export type PlainName = (typeof plain)[number];

const textOf = (value: FieldValue | null | undefined): string =>
  Array.isArray(value) ? value.join(', ') : value === null || value === undefined ? '' : String(value);

/** A row for everything that either of them has; `label` is null for what every contact has. */
export function rowsOf(first: Contact, second: Contact, fields: Field[]): Row[] {
  const rows: Row[] = plain.map((name) => rowOf(name, null, first[name], second[name]));
  for (const field of fields) {
    rows.push(rowOf(`fields.${field.id}`, field.name, first.fields[field.id], second.fields[field.id]));
  }
  return rows.filter((row) => row.first !== '' || row.second !== '');
}

function rowOf(name: string, label: string | null, first: FieldValue | undefined, second: FieldValue | undefined): Row {
  const texts = { first: textOf(first), second: textOf(second) };
  return { name, label, ...texts, isSame: texts.first === texts.second };
}

/** The newest value that is not empty. */
export function defaultSide(row: Row, first: Contact, second: Contact): Side {
  if (row.first === '') return 'second';
  if (row.second === '') return 'first';
  return second.updated_at > first.updated_at ? 'second' : 'first';
}
