import { describe, expect, it } from 'vitest';
import type { Field } from '@/pickers/api';
import { moved, neighbour, sectionsOf } from './field-order';

const field = (id: number, group_id: number | null) => ({ id, group_id, name: `F${id}` }) as Field;
const groups = [{ id: 1, name: 'Home', position: 1 }];
const sections = sectionsOf([field(7, 1), field(8, 1), field(9, null), field(10, 99)], groups, 'No group');

describe('the order of fields', () => {
  it('has groups first, and what belongs to none last', () => {
    expect(sections.map((one) => [one.name, one.fields.map((item) => item.id)])).toEqual([
      ['Home', [7, 8]],
      ['No group', [9, 10]],
    ]);
  });

  it('puts a field before another one of any group', () => {
    expect(moved(sections, 9, 1, 8)).toEqual({
      group_ids: [1],
      fields: [
        { id: 7, group_id: 1 },
        { id: 9, group_id: 1 },
        { id: 8, group_id: 1 },
        { id: 10, group_id: null },
      ],
    });
    expect(moved(sections, 7, null, null).fields.map((item) => item.id)).toEqual([8, 9, 10, 7]);
  });

  it('knows the way up and down', () => {
    const [home] = sections;
    expect(home && [neighbour(home, 8, -1), neighbour(home, 7, -1)]).toEqual([{ before: 7 }, undefined]);
    expect(home && [neighbour(home, 7, 1), neighbour(home, 8, 1)]).toEqual([{ before: null }, undefined]);
  });
});
