/** What is let go over the sheet or the outline: new blocks, blocks that move, rows that were saved. */

import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import { useEffect, useRef } from 'react';
import type { Block, BlockType } from './blocks';
import type { Design } from './use-design';

export function useDropped(design: Design) {
  const newest = useRef(design);
  newest.current = design;
  useEffect(
    () =>
      monitorForElements({
        onDrop: ({ source, location }) => {
          const target = location.current.dropTargets[0]?.data;
          if (typeof target?.list !== 'string' || typeof target.index !== 'number') return;
          const place = { list: target.list, index: target.index };
          const { kind, type, id, blocks } = source.data;
          if (kind === 'new') newest.current.add(type as BlockType, place);
          else if (kind === 'saved') newest.current.paste(blocks as Block[], place);
          else if (kind === 'move') newest.current.move(String(id), place);
        },
      }),
    [],
  );
}

/** Scrolls the sheet while a block is held near its edge. */
export function useAutoScroll(element: HTMLElement | null) {
  useEffect(() => (element ? autoScrollForElements({ element }) : undefined), [element]);
}
