/** The pipeline as a board. Cards move by mouse, by Alt and the arrows, and from their menu; every move can be undone. */
import { announce } from '@atlaskit/pragmatic-drag-and-drop-live-region';
import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { type Deal, useUpdateDeal } from '@/pickers/deals/api';
import { NewDealDialog } from '@/pickers/deals/NewDealDialog';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastError } from '@/ui/toast';
import { toastUndo } from '@/ui/undo-toast';
import { type Board, type Column, type Filter, type Move, useDeleteDeal, useMoreOfColumn, useMoveDeal } from '../api';
import { beforeOf, moveOnBoard, stepOf } from '../board';
import classes from '../deals.module.css';
import { useAutoScroll, useDealDrops } from '../dragging';
import { BoardColumn } from './BoardColumn';
import type { CardActions } from './DealCard';
import { LoseDialog } from './LoseDialog';
import { Outcomes } from './Outcomes';

type Props = { board: Board; filter: Filter };

/** The end of a column that goes on unseen is above its last card; that of a whole one is below all. */
const endOf = (column: Column, moving: Deal): number | null =>
  column.next === null ? null : (column.deals.filter((deal) => deal.id !== moving.id).at(-1)?.id ?? null);

export function BoardView({ board, filter }: Props) {
  const { t } = useTranslation('deals');
  const { pipeline, columns } = board;
  const mayEdit = useMay('editor');
  const move = useMoveDeal(pipeline.id, filter);
  const more = useMoreOfColumn(pipeline.id, filter);
  const update = useUpdateDeal();
  const remove = useDeleteDeal();
  const scroll = useAutoScroll();
  const [losing, setLosing] = useState<Deal | null>(null);
  const [deleting, setDeleting] = useState<Deal | null>(null);
  const [addingTo, setAddingTo] = useState<number | null>(null);
  // A card moved by keyboard is drawn anew in its new place, and keeps the focus.
  const moved = useRef<{ id: number; columns: Board['columns'] } | null>(null);
  useEffect(() => {
    if (moved.current === null || moved.current.columns === columns) return;
    document.querySelector<HTMLElement>(`[data-deal="${moved.current.id}"]`)?.focus();
    moved.current = null;
  }, [columns]);
  // Who presses twice before the board is drawn again means two steps.
  const latest = useRef(columns);
  useEffect(() => {
    latest.current = columns;
  }, [columns]);
  const stageName = (id: number) => pipeline.stages.find((stage) => stage.id === id)?.name ?? '';

  const go = ({ deal, stageId, beforeId }: Move) => {
    const from = columns.find((column) => column.deals.some((one) => one.id === deal.id));
    const to = columns.find((column) => column.stage_id === stageId);
    if (!from || !to) return;
    const place = from.deals.findIndex((one) => one.id === deal.id);
    const back: Move = {
      deal: { ...deal, stage_id: stageId },
      stageId: deal.stage_id,
      beforeId: from.deals[place + 1]?.id ?? null,
    };
    move.mutate({ deal, stageId, beforeId: beforeId ?? endOf(to, deal) });
    announce(t('movedTo', { title: deal.title, stage: stageName(stageId) }));
    if (stageId === deal.stage_id) return;
    toastUndo(t('moved', { title: deal.title, stage: stageName(stageId) }), t('undo'), () => move.mutate(back));
  };
  const set = (deal: Deal, status: Deal['status'], lost_reason = '') =>
    update.mutate(
      { id: deal.id, status, lost_reason },
      {
        onSuccess: () =>
          toastUndo(t(`became.${status}`, { title: deal.title }), t('undo'), () =>
            update.mutate({ id: deal.id, status: deal.status, lost_reason: deal.lost_reason }, { onError: toastError }),
          ),
        onError: toastError,
      },
    );
  const isDragging = useDealDrops((deal, target) => {
    if (target.status === 'won') set(deal, 'won');
    if (target.status === 'lost') setLosing(deal);
    const column = columns.find((one) => one.stage_id === target.stageId);
    if (!column) return;
    const stageId = column.stage_id;
    const beforeId = target.dealId ? beforeOf(column, target.dealId, target.edge ?? 'top', deal.id) : null;
    go({ deal, stageId, beforeId });
  });
  const actions: CardActions = {
    onStep: (deal, direction) => {
      const next = stepOf(latest.current, deal, direction);
      if (!next) return;
      latest.current = moveOnBoard({ ...board, columns: latest.current }, next).columns;
      moved.current = { id: deal.id, columns };
      go(next);
    },
    onStage: (deal, stageId) =>
      go({
        deal,
        stageId,
        beforeId: columns.find((column) => column.stage_id === stageId)?.deals[0]?.id ?? null,
      }),
    onWin: (deal) => set(deal, 'won'),
    onLose: setLosing,
    onDelete: setDeleting,
  };
  const confirm = () =>
    deleting &&
    remove.mutate(deleting.id, {
      onSuccess: () => {
        toast(t('deleted', { title: deleting.title }));
        setDeleting(null);
      },
      onError: toastError,
    });
  return (
    <div className={classes.frame}>
      <div className={classes.board} ref={scroll}>
        <VisuallyHidden id="deal-keys">{t('keys')}</VisuallyHidden>
        {pipeline.stages.map((stage) => {
          const column = columns.find((one) => one.stage_id === stage.id);
          return (
            column && (
              <BoardColumn
                key={stage.id}
                stage={stage}
                column={column}
                stages={pipeline.stages}
                mayEdit={mayEdit}
                actions={actions}
                isLoadingMore={more.isError ? null : more.isPending}
                onMore={() => more.mutate(column, { onError: toastError })}
                onAdd={() => setAddingTo(stage.id)}
              />
            )
          );
        })}
      </div>
      {mayEdit && <Outcomes isShown={isDragging} />}
      <NewDealDialog place={addingTo === null ? null : { stageId: addingTo }} onClose={() => setAddingTo(null)} />
      <LoseDialog deal={losing} onClose={() => setLosing(null)} onLose={(deal, reason) => set(deal, 'lost', reason)} />
      <ConfirmDialog
        opened={deleting !== null}
        title={t('deleteTitle', { title: deleting?.title ?? '' })}
        action={t('delete')}
        loading={remove.isPending}
        onConfirm={confirm}
        onClose={() => setDeleting(null)}
      >
        {t('deleteText')}
      </ConfirmDialog>
    </div>
  );
}
