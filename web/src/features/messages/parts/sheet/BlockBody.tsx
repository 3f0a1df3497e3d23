/** What one block looks like on the sheet. */
import { IconPhoto } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Block } from '../../blocks';
import { InlineEditor } from './InlineEditor';
import { PieceBody } from './PieceBody';
import type { SheetApi } from './Sheet';
import classes from './sheet.module.css';

type Props = { block: Block; api: SheetApi; isSelected: boolean };

const sizes: Record<number, number> = { 1: 28, 2: 22, 3: 18 };
const side = { left: 'flex-start', center: 'center', right: 'flex-end' } as const;
const alignOf = (value: unknown, otherwise: keyof typeof side): keyof typeof side =>
  value === 'left' || value === 'center' || value === 'right' ? value : otherwise;

export function BlockBody({ block, api, isSelected }: Props) {
  const { t } = useTranslation('messages');
  const props = block.props ?? {};
  const common = { isSelected, mayEdit: api.mayEdit, onActive: api.onActive, onUndo: api.undo, onRedo: api.redo };
  const set = (name: string) => (value: string) => api.setProps(block, { ...props, [name]: value });
  switch (block.type) {
    case 'heading':
      return (
        <div
          className={classes.heading}
          style={{
            fontSize: sizes[Number(props.level ?? 1)],
            textAlign: alignOf(props.align, 'left'),
            color: props.color ? String(props.color) : undefined,
          }}
        >
          <InlineEditor
            {...common}
            isLine
            value={String(props.text ?? '')}
            label={t('blocks.heading')}
            onChange={set('text')}
          />
        </div>
      );
    case 'text':
      return (
        <div
          className={classes.text}
          style={{
            fontSize: Number(props.size ?? 16),
            textAlign: alignOf(props.align, 'left'),
            color: props.color ? String(props.color) : undefined,
          }}
        >
          <InlineEditor {...common} value={String(props.html ?? '')} label={t('blocks.text')} onChange={set('html')} />
        </div>
      );
    case 'button':
      return (
        <div className={classes.center} style={{ justifyContent: side[alignOf(props.align, 'left')] }}>
          <div
            className={classes.button}
            style={{
              background: String(props.color ?? '#4650c8'),
              color: String(props.text_color ?? '#ffffff'),
              borderRadius: Number(props.radius ?? 6),
            }}
          >
            <InlineEditor
              {...common}
              isLine
              value={String(props.label ?? '')}
              label={t('props.label')}
              onChange={set('label')}
            />
          </div>
        </div>
      );
    case 'image':
      return (
        <div className={classes.center} style={{ justifyContent: side[alignOf(props.align, 'center')] }}>
          {props.src ? (
            <img
              src={String(props.src)}
              alt={String(props.alt ?? '')}
              style={{ maxWidth: '100%', width: props.width ? Number(props.width) : undefined }}
            />
          ) : (
            <div className={classes.noImage}>
              <IconPhoto size={22} aria-hidden /> {t('noImage')}
            </div>
          )}
        </div>
      );
    case 'divider':
      return <hr className={classes.divider} style={{ borderColor: String(props.color ?? '#e2e5ea') }} />;
    case 'spacer':
      return <div className={classes.spacer} style={{ height: Number(props.height ?? 24) }} />;
    case 'footer':
      return (
        <div
          className={classes.small}
          style={{ textAlign: alignOf(props.align, 'center'), color: String(props.color ?? '#5f6675') }}
        >
          <InlineEditor
            {...common}
            value={String(props.html ?? '')}
            label={t('blocks.footer')}
            onChange={set('html')}
          />
          <u>{String(props.unsubscribe ?? 'Unsubscribe')}</u>
        </div>
      );
    default:
      return <PieceBody block={block} />;
  }
}
