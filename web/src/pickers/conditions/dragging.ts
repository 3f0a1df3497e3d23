/** Parts are dragged by their handle and dropped between others. Keyboard and menu do the same without a mouse. */
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { find, isGroup, type KeyedGroup, type Place } from './tree';

const KIND = 'condition';

/** The card follows its handle. */
export function usePartDrag(id: string, key: string): RefObject<HTMLDivElement | null> {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const handle = card.current?.querySelector<HTMLElement>('[data-handle]');
    if (!card.current || !handle) return;
    return draggable({
      element: card.current,
      dragHandle: handle,
      canDrag: () => !card.current?.closest('fieldset:disabled'),
      getInitialData: () => ({ kind: KIND, id, key }),
    });
  }, [id, key]);
  return card;
}

export function useDropPlace(id: string, root: KeyedGroup, place: Place) {
  const gap = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  const tree = useRef(root);
  tree.current = root;
  const { parent, index } = place;
  useEffect(() => {
    if (!gap.current) return;
    return dropTargetForElements({
      element: gap.current,
      canDrop: ({ source }) => {
        if (source.data.kind !== KIND || source.data.id !== id || source.data.key === parent) return false;
        const moved = find(tree.current, String(source.data.key))?.node;
        return moved !== undefined && !(isGroup(moved) && find(moved, parent));
      },
      getData: () => ({ kind: KIND, id, parent, index }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [id, parent, index]);
  return { gap, isOver };
}

/** Whether a part of this editor is being dragged; calls back when it was dropped. */
export function useDrops(id: string, onDrop: (key: string, place: Place) => void): boolean {
  const [isDragging, setDragging] = useState(false);
  const drop = useRef(onDrop);
  drop.current = onDrop;
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => source.data.kind === KIND && source.data.id === id,
        onDragStart: () => setDragging(true),
        onDrop: ({ source, location }) => {
          setDragging(false);
          const target = location.current.dropTargets[0]?.data;
          if (target?.kind !== KIND || target.id !== id) return;
          drop.current(String(source.data.key), { parent: String(target.parent), index: Number(target.index) });
        },
      }),
    [id],
  );
  return isDragging;
}
