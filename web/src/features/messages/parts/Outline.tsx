/** The blocks in order. Drag to rearrange; a click opens the settings. Every gap is a place to drop. */
import { draggable, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Block, ROOT, slotList } from '../blocks';
import { blockIcons, excerpt } from '../looks';
import classes from '../messages.module.css';
import { conditionsOf } from '../variants';
import { Drop } from './Drop';

type Props = { blocks: Block[]; selected: string | null; onSelect: (id: string) => void };
type ListProps = Props & { list: string };

export function Outline(props: Props) {
  const { t } = useTranslation('messages');
  const [isDragging, setDragging] = useState(false);
  useEffect(() => monitorForElements({ onDragStart: () => setDragging(true), onDrop: () => setDragging(false) }), []);
  return (
    <nav aria-label={t('outline')} className={classes.outline} data-dragging={isDragging || undefined}>
      <OutlineList {...props} list={ROOT} />
    </nav>
  );
}

function OutlineList({ blocks, list, ...rest }: ListProps) {
  const { t } = useTranslation('messages');
  if (blocks.length === 0) {
    return (
      <Drop testId="drop" list={list} index={0} className={classes.hole}>
        {list === ROOT ? t('outlineEmpty') : t('dropHere')}
      </Drop>
    );
  }
  return (
    <>
      {blocks.map((block, index) => (
        <div key={block.id}>
          <Drop testId="drop" list={list} index={index} className={classes.gap} />
          <Row block={block} {...rest} />
          {(block.type === 'snippet' ? undefined : block.slots)?.map((slot, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its number
            <div key={number} className={classes.slot}>
              <Text size="xs" c="dimmed">
                {slotName(t, block, number)}
              </Text>
              <OutlineList blocks={slot} list={slotList(block.id, number)} {...rest} />
            </div>
          ))}
        </div>
      ))}
      <Drop testId="drop" list={list} index={blocks.length} className={classes.gap} />
    </>
  );
}

function slotName(t: TFunction<'messages'>, block: Block, number: number): string {
  if (block.type === 'section') return t('slot.section');
  if (block.type === 'snippet') return t('slot.snippet');
  if (block.type === 'columns') return t('slot.column', { number: number + 1 });
  const conditions = conditionsOf(block).length;
  if (number >= conditions) return t('slot.otherwise');
  return conditions === 1 ? t('slot.then') : t('slot.variant', { number: number + 1 });
}

function Row({ block, selected, onSelect }: Omit<Props, 'blocks'> & { block: Block }) {
  const { t } = useTranslation('messages');
  const ref = useRef<HTMLButtonElement>(null);
  const Icon = blockIcons[block.type];
  useEffect(() => {
    if (!ref.current) return;
    return draggable({ element: ref.current, getInitialData: () => ({ kind: 'move', id: block.id }) });
  }, [block.id]);
  return (
    <button
      ref={ref}
      type="button"
      className={classes.row}
      data-selected={selected === block.id || undefined}
      aria-pressed={selected === block.id}
      data-testid={`block-${block.id}`}
      onClick={() => onSelect(block.id)}
    >
      <Icon size={15} stroke={1.7} style={{ flex: 'none' }} aria-hidden />
      <span>{excerpt(block) || t(`blocks.${block.type}`)}</span>
    </button>
  );
}
