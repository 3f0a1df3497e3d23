/** Blocks of one piece on the sheet: what they hold is filled in beside it. */
import { IconMovie } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type Block, itemsOf, rowsOf } from '../../blocks';
import classes from './sheet.module.css';

const side = { left: 'flex-start', center: 'center', right: 'flex-end' } as const;

export function PieceBody({ block }: { block: Block }) {
  const { t } = useTranslation('messages');
  const props = block.props ?? {};
  const justifyContent = side[(props.align as keyof typeof side) ?? 'center'];
  switch (block.type) {
    case 'menu':
      return (
        <div className={classes.links} style={{ justifyContent, fontSize: Number(props.size ?? 15) }}>
          {itemsOf(block).map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place
            <span key={index}>{item.label}</span>
          ))}
        </div>
      );
    case 'social':
      return (
        <div className={classes.links} style={{ justifyContent, gap: 6 }}>
          {itemsOf(block).map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place
            <span key={index} className={classes.profile} style={{ background: String(props.color ?? '#4a5163') }}>
              {item.label}
            </span>
          ))}
        </div>
      );
    case 'list':
      return (
        <ul className={classes.items} style={{ fontSize: Number(props.size ?? 16) }}>
          {itemsOf(block).map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place
            <li key={index}>
              <span aria-hidden>{item.icon || '✓'}</span>
              <span>{item.label}</span>
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <TableBody rows={rowsOf(block)} hasHeader={props.has_header !== false} />;
    case 'video':
      return (
        <div className={classes.noImage}>
          <IconMovie size={22} aria-hidden /> {props.href ? String(props.alt || props.href) : t('noVideo')}
        </div>
      );
    case 'html':
      return props.html ? (
        <iframe className={classes.own} title={t('blocks.html')} sandbox="" srcDoc={String(props.html)} tabIndex={-1} />
      ) : (
        <div className={classes.noImage}>{t('noHtml')}</div>
      );
    default:
      return null;
  }
}

function TableBody({ rows, hasHeader }: { rows: string[][]; hasHeader: boolean }) {
  return (
    <table className={classes.table}>
      <tbody>
        {rows.map((row, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          <tr key={number}>
            {row.map((cell, index) => {
              const Cell = hasHeader && number === 0 ? 'th' : 'td';
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
              return <Cell key={index}>{cell || ' '}</Cell>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
