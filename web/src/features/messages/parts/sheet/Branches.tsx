/** A conditional block on the sheet: who sees what, one branch at a time. */
import { IconDirections } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ConditionNode } from '@/pickers/ConditionBuilder';
import { useTelling } from '@/pickers/conditions/use-telling';
import { type Block, slotList } from '../../blocks';
import { conditionsOf } from '../../variants';
import type { MayDrop } from './dragging';
import { Blocks, type SheetApi } from './Sheet';
import classes from './sheet.module.css';

export function Branches({ block, api, mayDrop }: { block: Block; api: SheetApi; mayDrop: MayDrop }) {
  const { t } = useTranslation('messages');
  const conditions = conditionsOf(block);
  const slots = block.slots ?? [];
  const shown = Math.min(api.shown[block.id] ?? 0, Math.max(slots.length - 1, 0));
  const told = useTelling(conditions as ConditionNode[])(
    (conditions[shown] ?? { match: 'all', conditions: [] }) as ConditionNode,
  );
  const nameOf = (number: number) =>
    number >= conditions.length
      ? t('slot.otherwise')
      : conditions.length === 1
        ? t('slot.then')
        : t('slot.variant', { number: number + 1 });
  const turn = (event: React.KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = (shown + by + slots.length) % slots.length;
    api.showBranch(block.id, next);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <div className={classes.branches}>
      <div className={classes.branchBar}>
        <IconDirections size={15} aria-hidden />
        <span className={classes.told}>
          {shown >= conditions.length
            ? t('toldRest')
            : told
              ? t('told', { condition: told })
              : t(conditions[shown]?.match === 'any' ? 'toldNobody' : 'toldEverybody')}
        </span>
        <div role="tablist" aria-label={t('branches')} className={classes.tabs} onKeyDown={turn}>
          {slots.map((_, number) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its number
              key={number}
              type="button"
              role="tab"
              aria-selected={number === shown}
              tabIndex={number === shown ? 0 : -1}
              onClick={(event) => {
                event.stopPropagation();
                api.showBranch(block.id, number);
              }}
            >
              {nameOf(number)}
            </button>
          ))}
        </div>
      </div>
      <div role="tabpanel" aria-label={nameOf(shown)}>
        <Blocks list={slotList(block.id, shown)} blocks={slots[shown] ?? []} api={api} mayDrop={mayDrop} />
      </div>
    </div>
  );
}
