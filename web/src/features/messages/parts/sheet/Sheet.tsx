/**
 * The message as it is written: headings, texts and buttons are edited where they stand, blocks are chosen by a click
 * and moved with Alt and an arrow. How mail programs show it is the preview's matter.
 */
import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import type { Editor } from '@tiptap/react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Block, type MessageDocument, ROOT, slotList } from '../../blocks';
import { Drop } from '../Drop';
import { BlockBody } from './BlockBody';
import classes from './sheet.module.css';

export type SheetApi = {
  selected: string | null;
  mayEdit: boolean;
  select: (id: string) => void;
  setProps: (block: Block, props: Record<string, unknown>) => void;
  shift: (id: string, by: -1 | 1) => void;
  remove: (id: string) => void;
  onActive: (editor: Editor) => void;
  undo: () => void;
  redo: () => void;
};

type Props = { document: MessageDocument; api: SheetApi };

export function Sheet({ document, api }: Props) {
  const [isDragging, setDragging] = useState(false);
  useEffect(() => monitorForElements({ onDragStart: () => setDragging(true), onDrop: () => setDragging(false) }), []);
  const settings = document.settings ?? {};
  const style = {
    '--sheet': String(settings.sheet ?? '#ffffff'),
    '--around': String(settings.background ?? '#f4f5f7'),
    '--ink': String(settings.color ?? '#1c2130'),
    '--link': String(settings.link_color ?? '#4650c8'),
    '--wide': `${Number(settings.width ?? 600)}px`,
    fontFamily: String(settings.font ?? 'Helvetica, Arial, sans-serif'),
  } as React.CSSProperties;
  return (
    <div className={classes.around} style={style} data-dragging={isDragging || undefined}>
      <div className={classes.sheet}>
        <Blocks list={ROOT} blocks={document.blocks ?? []} api={api} />
      </div>
    </div>
  );
}

function Blocks({ list, blocks, api }: { list: string; blocks: Block[]; api: SheetApi }) {
  const { t } = useTranslation('messages');
  if (blocks.length === 0) {
    return (
      <Drop list={list} index={0} testId="place" className={classes.hole}>
        {list === ROOT ? t('sheetEmpty') : t('dropHere')}
      </Drop>
    );
  }
  return (
    <>
      {blocks.map((block, index) => (
        <div key={block.id}>
          <Drop list={list} index={index} testId="place" className={classes.gap} />
          <Frame block={block} api={api} />
        </div>
      ))}
      <Drop list={list} index={blocks.length} testId="place" className={classes.gap} />
    </>
  );
}

function Frame({ block, api }: { block: Block; api: SheetApi }) {
  const { t } = useTranslation('messages');
  const isSelected = api.selected === block.id;
  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>) => {
    const isOwn = event.target === event.currentTarget;
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (event.altKey && by !== 0) {
      event.stopPropagation();
      event.preventDefault();
      api.shift(block.id, by);
    } else if (isOwn && api.mayEdit && (event.key === 'Delete' || event.key === 'Backspace')) {
      event.preventDefault();
      api.remove(block.id);
    } else if (isOwn && event.key === 'Enter') {
      event.preventDefault();
      api.select(block.id);
    }
  };
  const choose = (event: React.SyntheticEvent) => {
    event.stopPropagation();
    if (!isSelected) api.select(block.id);
  };
  return (
    <div
      className={classes.block}
      role="group"
      tabIndex={0}
      aria-label={t(`blocks.${block.type}`)}
      data-selected={isSelected || undefined}
      data-testid={`sheet-${block.id}`}
      onClick={choose}
      onFocus={(event) => event.target !== event.currentTarget && choose(event)}
      onKeyDown={onKeyDown}
    >
      <BlockBody block={block} api={api} isSelected={isSelected} />
      {block.slots && (
        <div className={classes.slots} data-columns={block.type === 'columns' || undefined}>
          {block.slots.map((slot, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its number
            <div key={number} className={classes.slot}>
              {block.type === 'conditional' && (
                <div className={classes.slotName}>{t(number === 0 ? 'slot.then' : 'slot.otherwise')}</div>
              )}
              <Blocks list={slotList(block.id, number)} blocks={slot} api={api} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
