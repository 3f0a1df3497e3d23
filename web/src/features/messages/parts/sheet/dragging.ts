/** Blocks on the sheet take others above or below themselves, empty places take them in. */
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type RefObject, useEffect, useState } from 'react';

export type MayDrop = (data: Record<string, unknown>, list: string) => boolean;
type Edge = 'above' | 'below';

export function useHandle(ref: RefObject<HTMLElement | null>, id: string, isOn: boolean) {
  useEffect(() => {
    if (!ref.current || !isOn) return;
    return draggable({ element: ref.current, getInitialData: () => ({ kind: 'move', id }) });
  }, [ref, id, isOn]);
}

/** The half of the block that is under the pointer says which side the drop goes to. */
export function useDropEdge(ref: RefObject<HTMLElement | null>, list: string, index: number, mayDrop: MayDrop) {
  const [edge, setEdge] = useState<Edge | null>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => mayDrop(source.data, list),
      getData: ({ input }) => {
        const { top, height } = element.getBoundingClientRect();
        const isBelow = input.clientY > top + height / 2;
        return { list, index: index + (isBelow ? 1 : 0), edge: isBelow ? 'below' : 'above' };
      },
      onDrag: ({ location, self }) => {
        const target = location.current.dropTargets[0];
        setEdge(target?.element === self.element ? (target.data.edge as Edge) : null);
      },
      onDragLeave: () => setEdge(null),
      onDrop: () => setEdge(null),
    });
  }, [ref, list, index, mayDrop]);
  return edge;
}

/** A whole list as a target: what is let go beside its blocks goes to its end. */
export function useDropList(ref: RefObject<HTMLElement | null>, list: string, length: number, mayDrop: MayDrop) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => mayDrop(source.data, list),
      getData: () => ({ list, index: length }),
      onDrag: ({ location, self }) => setOver(location.current.dropTargets[0]?.element === self.element),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [ref, list, length, mayDrop]);
  return isOver;
}
