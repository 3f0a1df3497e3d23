import { expect, test } from 'vitest';
import type { MapLink, MapNode } from './map-api';
import { place } from './map-layout';

const node = (id: number): MapNode => ({ id, name: `A${id}`, status: 'active' });
const link = (from_id: number, to_id: number): MapLink => ({
  from_id,
  to_id,
  way: 'starts',
  step_id: 's',
  what: 'automation',
  object_id: null,
});

test('who is led to stands below, who is alone is left out', () => {
  const placed = place([node(1), node(2), node(3), node(4)], [link(3, 1), link(1, 2)]);
  const y = (id: number) => placed.find((one) => one.node.id === id)?.y ?? -1;
  expect(placed).toHaveLength(3);
  expect(y(3)).toBeLessThan(y(1));
  expect(y(1)).toBeLessThan(y(2));
});

test('circles end, and two never stand in one place', () => {
  const placed = place([node(1), node(2), node(3)], [link(1, 2), link(2, 1), link(2, 3), link(3, 3)]);
  expect(new Set(placed.map((one) => `${one.x},${one.y}`)).size).toBe(3);
});
