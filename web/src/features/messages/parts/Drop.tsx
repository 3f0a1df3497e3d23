/** A place between blocks where one can be dropped. */
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState } from 'react';

type Props = { list: string; index: number; className?: string; testId: string; children?: React.ReactNode };

export function Drop({ list, index, className, testId, children }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (!ref.current) return;
    return dropTargetForElements({
      element: ref.current,
      getData: () => ({ list, index }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [list, index]);
  return (
    <div ref={ref} className={className} data-over={isOver || undefined} data-testid={`${testId}-${list}-${index}`}>
      {children}
    </div>
  );
}
