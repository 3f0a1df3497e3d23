/** Places for the automations that are linked: each stands below all that lead to it, as far as circles allow. */
import type { MapLink, MapNode } from './map-api';

export const BOX = { width: 220, height: 56, gapX: 44, gapY: 84 };

export type Placed = { node: MapNode; x: number; y: number };

export function place(nodes: MapNode[], links: MapLink[]): Placed[] {
  const linked = nodes.filter((node) => links.some((link) => link.from_id === node.id || link.to_id === node.id));
  const level = new Map<number, number>();
  const levelOf = (id: number, above: ReadonlySet<number>): number => {
    const known = level.get(id);
    if (known !== undefined) return known;
    const sources = links.filter((link) => link.to_id === id && link.from_id !== id && !above.has(link.from_id));
    const found = Math.max(-1, ...sources.map((link) => levelOf(link.from_id, new Set([...above, id])))) + 1;
    level.set(id, found);
    return found;
  };
  const rows: MapNode[][] = [];
  for (const node of linked) {
    const row = levelOf(node.id, new Set([node.id]));
    rows[row] = [...(rows[row] ?? []), node];
  }
  const step = BOX.width + BOX.gapX;
  const widest = Math.max(0, ...rows.filter(Boolean).map((row) => row.length));
  return rows.flatMap((row, y) =>
    (row ?? []).map((node, index) => ({
      node,
      x: index * step + ((widest - row.length) * step) / 2,
      y: y * (BOX.height + BOX.gapY),
    })),
  );
}
