/** Cards are dragged onto cards, above or below, or onto the stage itself. */

import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import { useEffect, useRef, useState } from 'react';
import type { Deal } from '@/pickers/deals/api';

export type Edge = 'top' | 'bottom';
export type Outcome = 'won' | 'lost';
type Target = { stageId?: number; dealId?: number; edge?: Edge; status?: Outcome };

const isDeal = (data: Record<string, unknown>): data is { deal: Deal } => data.kind === 'deal';

export function useCardDrag(deal: Deal, isFixed: boolean) {
  const ref = useRef<HTMLElement>(null);
  const [isDragging, setDragging] = useState(false);
  const [edge, setEdge] = useState<Edge | null>(null);
  // News about a deal must not take the handle out of a hand that is about to drag it.
  const latest = useRef(deal);
  latest.current = deal;
  const { id } = deal;
  useEffect(() => {
    const element = ref.current;
    if (!element || isFixed) return;
    return combine(
      draggable({
        element,
        getInitialData: () => ({ kind: 'deal', deal: latest.current }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => isDeal(source.data) && source.data.deal.id !== id,
        getData: ({ input, element: over }) =>
          attachClosestEdge(
            { stageId: latest.current.stage_id, dealId: id },
            { input, element: over, allowedEdges: ['top', 'bottom'] },
          ),
        onDrag: ({ self }) => setEdge(extractClosestEdge(self.data) as Edge | null),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [id, isFixed]);
  return { ref, isDragging, edge };
}

export function useColumnDrop(stageId: number) {
  const ref = useRef<HTMLElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => isDeal(source.data),
      getData: () => ({ stageId }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [stageId]);
  return { ref, isOver };
}

/** What is out of sight comes into it when a card is held near the edge. */
export function useAutoScroll() {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!ref.current) return;
    return autoScrollForElements({ element: ref.current, canScroll: ({ source }) => isDeal(source.data) });
  }, []);
  return ref;
}

export function useOutcomeDrop(status: Outcome) {
  const ref = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => isDeal(source.data) && source.data.deal.status !== status,
      getData: () => ({ status }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [status]);
  return { ref, isOver };
}

/** Calls back with what was dropped, and where: the innermost target first. Tells whether a card is being dragged. */
export function useDealDrops(onDrop: (deal: Deal, target: Target) => void) {
  const [isDragging, setDragging] = useState(false);
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => isDeal(source.data),
        onDragStart: () => setDragging(true),
        onDrop: ({ source, location }) => {
          setDragging(false);
          const inner = location.current.dropTargets[0];
          if (!inner || !isDeal(source.data)) return;
          const edge = extractClosestEdge(inner.data) as Edge | null;
          const { stageId, dealId, status } = inner.data as Target;
          latest.current(source.data.deal, { stageId, dealId, status, edge: edge ?? undefined });
        },
      }),
    [],
  );
  return isDragging;
}
