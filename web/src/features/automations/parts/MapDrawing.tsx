/** The linked automations as boxes with arrows; the same stands below as a list. */
import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LinkAnchor } from '@/ui/links';
import type { MapLink, MapNode } from '../map-api';
import { BOX, place } from '../map-layout';
import { statusColor } from '../model';
import classes from './map.module.css';

const MARGIN = 28;

/** Downwards from below to above; back up, and to the side, around the right edges. */
function curve(x1: number, y1: number, x2: number, y2: number, out: number, down: number): string {
  const at = (x: number, y: number) => `${x + MARGIN},${y + MARGIN}`;
  return `M${at(x1, y1)} C${at(x1 + out, y1 + down)} ${at(x2 + out, y2 - down)} ${at(x2, y2)}`;
}

export function MapDrawing({ nodes, links }: { nodes: MapNode[]; links: MapLink[] }) {
  const { t } = useTranslation('automations');
  const placed = place(nodes, links);
  const spots = new Map(placed.map((one) => [one.node.id, one]));
  const width = Math.max(...placed.map((one) => one.x)) + BOX.width + MARGIN * 2 + 50;
  const height = Math.max(...placed.map((one) => one.y)) + BOX.height + MARGIN * 2;
  const pairs = [...new Map(links.map((link) => [`${link.from_id}-${link.to_id}-${link.way}`, link])).values()];
  return (
    <div className={classes.frame} tabIndex={0} role="group" aria-label={t('map.drawing')}>
      <div className={classes.sheet} style={{ width, height }}>
        <svg width={width} height={height} aria-hidden className={classes.arrows}>
          <defs>
            <marker id="map-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
              <path d="M0,0 L8,4 L0,8 z" fill="var(--app-border-strong)" />
            </marker>
          </defs>
          {pairs.map((link) => {
            const from = spots.get(link.from_id);
            const to = spots.get(link.to_id);
            if (!from || !to) return null;
            const d =
              to.y > from.y
                ? curve(from.x + BOX.width / 2, from.y + BOX.height, to.x + BOX.width / 2, to.y - 2, 0, BOX.gapY / 2)
                : curve(
                    from.x + BOX.width,
                    from.y + BOX.height / 2,
                    to.x + BOX.width + 2,
                    to.y + BOX.height / 2,
                    70,
                    0,
                  );
            return (
              <path
                key={`${link.from_id}-${link.to_id}-${link.way}`}
                d={d}
                className={classes.arrow}
                data-way={link.way}
                markerEnd="url(#map-arrow)"
              />
            );
          })}
        </svg>
        {placed.map(({ node, x, y }) => (
          <div
            key={node.id}
            className={classes.box}
            style={{ left: x + MARGIN, top: y + MARGIN, width: BOX.width, height: BOX.height }}
          >
            <LinkAnchor to="/automations/$id" params={{ id: String(node.id) }} size="sm" fw={600} truncate>
              {node.name}
            </LinkAnchor>
            <Text component="div">
              <Badge size="xs" color={statusColor[node.status]}>
                {t(`status.${node.status}`)}
              </Badge>
            </Text>
          </div>
        ))}
      </div>
    </div>
  );
}
