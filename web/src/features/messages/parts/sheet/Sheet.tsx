/**
 * The message as it is written: headings, texts and buttons are edited where they stand, blocks are moved by their
 * handle or by keys. How mail programs show it is the preview's matter.
 */
import type { Editor } from '@tiptap/react';
import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Block, type BlockType, type MessageDocument, makeBlock, mayHold, ROOT } from '../../blocks';
import type { Design } from '../../use-design';
import { type MayDrop, useDropList } from './dragging';
import { Frame } from './Frame';
import classes from './sheet.module.css';

export type SheetApi = Design & {
  mayEdit: boolean;
  setProps: (block: Block, props: Record<string, unknown>) => void;
  onActive: (editor: Editor) => void;
  undo: () => void;
  redo: () => void;
};

type Props = { document: MessageDocument; api: SheetApi };

export function Sheet({ document, api }: Props) {
  const newest = useRef(api.blocks);
  newest.current = api.blocks;
  const mayDrop = useCallback<MayDrop>((data, list) => {
    if (data.kind === 'new') return mayHold(newest.current, list, makeBlock('__new', data.type as BlockType));
    if (data.kind === 'saved') return (data.blocks as Block[]).every((item) => mayHold(newest.current, list, item));
    const block = data.kind === 'move' && newest.current && findIn(newest.current, String(data.id));
    return block ? mayHold(newest.current, list, block) : false;
  }, []);
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
    <div className={classes.around} style={style}>
      <div className={classes.sheet}>
        <Blocks list={ROOT} blocks={api.blocks} api={api} mayDrop={mayDrop} />
      </div>
    </div>
  );
}

function findIn(blocks: Block[], id: string): Block | undefined {
  for (const block of blocks) {
    const found = block.id === id ? block : findIn((block.slots ?? []).flat(), id);
    if (found) return found;
  }
  return undefined;
}

export type BlocksProps = { list: string; blocks: Block[]; api: SheetApi; mayDrop: MayDrop };

export function Blocks({ list, blocks, api, mayDrop }: BlocksProps) {
  const { t } = useTranslation('messages');
  const ref = useRef<HTMLDivElement>(null);
  const isOver = useDropList(ref, list, blocks.length, mayDrop);
  return (
    <div ref={ref} className={classes.list} data-over={isOver || undefined} data-testid={`list-${list}`}>
      {blocks.map((block, index) => (
        <Frame key={block.id} block={block} list={list} index={index} api={api} mayDrop={mayDrop} />
      ))}
      {blocks.length === 0 && (
        <button
          type="button"
          className={classes.hole}
          disabled={!api.mayEdit}
          aria-pressed={api.spot === list}
          onClick={(event) => {
            event.stopPropagation();
            api.choosePlace(list);
          }}
        >
          {list === ROOT ? t('sheetEmpty') : api.spot === list ? t('placeChosen') : t('dropHere')}
        </button>
      )}
    </div>
  );
}
