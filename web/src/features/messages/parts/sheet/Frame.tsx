/** One block on the sheet: chosen by a click, moved by its handle, or by keys once it has the focus. */
import { IconGripVertical } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Block, slotList } from '../../blocks';
import { BlockBody } from './BlockBody';
import { Branches } from './Branches';
import { type MayDrop, useDropEdge, useHandle } from './dragging';
import { Blocks, type SheetApi } from './Sheet';
import classes from './sheet.module.css';

type Props = { block: Block; list: string; index: number; api: SheetApi; mayDrop: MayDrop };

/** The blocks of the sheet in reading order; arrows go from one to the next. */
function step(from: HTMLElement, by: -1 | 1) {
  const frames = [...document.querySelectorAll<HTMLElement>('[data-frame]')];
  frames[frames.indexOf(from) + by]?.focus();
}

export function Frame({ block, list, index, api, mayDrop }: Props) {
  const { t } = useTranslation('messages');
  const frame = useRef<HTMLDivElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  useHandle(handle, block.id, api.mayEdit);
  const edge = useDropEdge(frame, list, index, mayDrop);
  const isSelected = api.selected === block.id;
  const name = t(`blocks.${block.type}`);
  const choose = (event: React.SyntheticEvent) => {
    event.stopPropagation();
    if (!isSelected) api.select(block.id);
  };
  return (
    <div
      ref={frame}
      className={classes.block}
      role="group"
      tabIndex={0}
      aria-label={name}
      data-frame
      data-kind={block.type}
      data-edge={edge ?? undefined}
      data-selected={isSelected || undefined}
      data-testid={`sheet-${block.id}`}
      onClick={choose}
      onFocus={(event) => event.target !== event.currentTarget && choose(event)}
      onKeyDown={(event) => onKeyDown(event, block, api)}
    >
      {api.mayEdit && (
        <div ref={handle} className={classes.handle} title={t('handle')} aria-hidden data-testid={`handle-${block.id}`}>
          <IconGripVertical size={13} />
          {name}
        </div>
      )}
      <BlockBody block={block} api={api} isSelected={isSelected} />
      {block.type === 'conditional' ? (
        <Branches block={block} api={api} mayDrop={mayDrop} />
      ) : (
        block.slots && (
          <div
            className={classes.slots}
            data-columns={block.type === 'columns' || undefined}
            style={block.type === 'section' ? bandOf(block) : undefined}
          >
            {block.slots.map((slot, number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its number
              <div key={number} className={classes.slot} inert={block.type === 'snippet'}>
                <Blocks list={slotList(block.id, number)} blocks={slot} api={api} mayDrop={mayDrop} />
              </div>
            ))}
          </div>
        )
      )}
    </div>
  );
}

const bandOf = ({ props = {} }: Block): React.CSSProperties => ({
  backgroundColor: props.background ? String(props.background) : undefined,
  backgroundImage: props.image ? `url(${JSON.stringify(String(props.image))})` : undefined,
  backgroundSize: 'cover',
  paddingBlock: Number(props.padding ?? 24),
});

function onKeyDown(event: React.KeyboardEvent<HTMLDivElement>, block: Block, api: SheetApi) {
  const isOwn = event.target === event.currentTarget;
  const done = () => {
    event.stopPropagation();
    event.preventDefault();
  };
  const up = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined;
  const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as -1 | 1 | undefined;
  const isIn = (selector: string) => event.target instanceof Element && event.target.closest(selector) !== null;
  if (isIn('[role=tablist]')) return;
  if (event.key === 'Escape' && !isOwn) {
    done();
    event.currentTarget.focus();
    return;
  }
  if (!api.mayEdit) return;
  if (event.altKey && up) {
    done();
    api.shift(block.id, up);
  } else if (event.altKey && aside) {
    done();
    api.tuck(block.id, aside);
  } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd') {
    done();
    api.duplicate(block.id);
  } else if (isOwn && (event.key === 'Delete' || event.key === 'Backspace')) {
    done();
    api.remove(block.id);
  } else if (isOwn && (event.key === 'Enter' || event.key === ' ')) {
    done();
    api.select(block.id);
    if (!block.slots) event.currentTarget.querySelector<HTMLElement>('[contenteditable=true]')?.focus();
  } else if (isOwn && up && !event.ctrlKey && !event.metaKey) {
    done();
    step(event.currentTarget, up);
  }
}
