/** Which columns the contact list can have, and which it begins with. */
import type { Field } from '@/pickers/api';

export const standardColumns = [
  'status',
  'tags',
  'lists',
  'owner',
  'email',
  'first_name',
  'last_name',
  'phone',
  'created_at',
  'updated_at',
] as const;
export const engagementColumns = [
  'last_open_at',
  'last_click_at',
  'last_sent_at',
  'last_visit_at',
  'open_count',
  'click_count',
  'sent_count',
  'visit_count',
] as const;

export type StandardColumn = (typeof standardColumns)[number];
export type EngagementColumn = (typeof engagementColumns)[number];

export const DEFAULT_COLUMNS = ['status', 'tags', 'lists', 'phone', 'created_at'];

const FIELD = /^field:(\d+)$/;

export const fieldColumn = (field: Pick<Field, 'id'>) => `field:${field.id}`;

export function fieldOf(column: string, fields: Field[]): Field | undefined {
  const id = FIELD.exec(column)?.[1];
  return id === undefined ? undefined : fields.find((field) => field.id === Number(id));
}

export const isStandard = (column: string): column is StandardColumn =>
  (standardColumns as readonly string[]).includes(column);
export const isEngagement = (column: string): column is EngagementColumn =>
  (engagementColumns as readonly string[]).includes(column);

/** Up or down by one; the ends stay the ends. */
export function shifted(columns: string[], column: string, by: -1 | 1): string[] {
  const index = columns.indexOf(column);
  const target = index + by;
  if (index < 0 || target < 0 || target >= columns.length) return columns;
  return columns.toSpliced(index, 1).toSpliced(target, 0, column);
}

const KEPT = 'waypost.contact-columns';

/** The columns of the plain list are a habit of one person, so the browser keeps them. */
export function keptColumns(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    if (Array.isArray(kept) && kept.every((item) => typeof item === 'string')) return kept;
  } catch {
    // What cannot be read is forgotten.
  }
  return DEFAULT_COLUMNS;
}

export function keepColumns(columns: string[]) {
  localStorage.setItem(KEPT, JSON.stringify(columns));
}
