/** Fields in their groups, and what moving one of them makes of the order. */
import type { Field } from '@/pickers/api';
import type { FieldGroup, OrderInput } from './structure-api';

export type Section = { id: number | null; name: string; fields: Field[] };

/** Every group with its fields, in order; what is in no group comes last. */
export function sectionsOf(fields: Field[], groups: FieldGroup[], rest: string): Section[] {
  const known = new Set(groups.map((group) => group.id));
  const inGroup = (id: number | null) =>
    fields.filter((field) => (field.group_id !== null && known.has(field.group_id) ? field.group_id : null) === id);
  return [
    ...groups.map((group) => ({ id: group.id, name: group.name, fields: inGroup(group.id) })),
    { id: null, name: rest, fields: inGroup(null) },
  ];
}

/** The order after a field was put before another one (or at the end) of a section. */
export function moved(sections: Section[], fieldId: number, to: number | null, before: number | null): OrderInput {
  const order = sections.flatMap((section) => {
    const ids = section.fields.map((field) => field.id).filter((id) => id !== fieldId);
    if (section.id === to) {
      const place = before === null ? -1 : ids.indexOf(before);
      ids.splice(place < 0 ? ids.length : place, 0, fieldId);
    }
    return ids.map((id) => ({ id, group_id: section.id }));
  });
  return { group_ids: sections.flatMap((section) => (section.id === null ? [] : [section.id])), fields: order };
}

/** The field that stands after the next one (down) or is the one before (up); undefined at the end of the road. */
export function neighbour(section: Section, fieldId: number, by: 1 | -1): { before: number | null } | undefined {
  const place = section.fields.findIndex((field) => field.id === fieldId);
  if (by === -1) {
    const above = section.fields[place - 1];
    return above && { before: above.id };
  }
  if (place < 0 || place >= section.fields.length - 1) return undefined;
  return { before: section.fields[place + 2]?.id ?? null };
}
