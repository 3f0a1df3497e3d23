/** The lines between cards. Each is a place to add a step: press +, or drop one here. */
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { Menu } from '@mantine/core';
import { IconClipboard, IconPlus } from '@tabler/icons-react';
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath, Position } from '@xyflow/react';
import { memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lookOf } from '../model';
import type { Path } from '../test-run-api';
import classes from './canvas.module.css';
import { useCanvas } from './context';
import type { Slot } from './graph';
import type { PlacedEdge } from './layout';

export type FlowEdge = Edge<PlacedEdge & Record<string, unknown>, 'flow'>;

const tones: Record<string, 'yes' | 'no'> = {
  yes: 'yes',
  met: 'yes',
  done: 'yes',
  no: 'no',
  timed_out: 'no',
  not_met: 'no',
  failed: 'no',
};
const known = ['yes', 'no', 'a', 'b', 'met', 'timed_out', 'not_met', 'otherwise', 'done', 'failed'] as const;

export function FlowLine({ source, target, sourceX, sourceY, targetX, targetY, data }: EdgeProps<FlowEdge>) {
  const { t } = useTranslation('automations');
  const canvas = useCanvas();
  if (!data) return null;
  const { kind, slot, arm } = data;
  const [path] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition: Position.Bottom,
    targetPosition: Position.Top,
    borderRadius: 12,
    centerY: kind === 'fan' ? sourceY + 22 : kind === 'join' ? targetY - 20 : undefined,
  });
  const x = kind === 'join' ? sourceX : targetX;
  const y = kind === 'fan' ? targetY - 24 : kind === 'join' ? sourceY + 26 : (sourceY + targetY) / 2;
  const isTaken = canvas.path && took(canvas.path, source, target, data);
  const label = known.find((exit) => exit === arm);
  return (
    <>
      <BaseEdge
        path={path}
        className={classes.edge}
        data-path={isTaken === null ? undefined : isTaken ? 'on' : 'off'}
      />
      <EdgeLabelRenderer>
        {arm && (
          <div
            className={classes.label}
            data-tone={tones[arm]}
            style={{ transform: `translate(-50%, -50%) translate(${targetX}px, ${sourceY + 46}px)` }}
          >
            {label ? t(`exits.${label}`) : canvas.exitName(slot.list, arm)}
          </div>
        )}
        {canvas.mayEdit && !data.hasNoPlus && <AddHere list={slot.list} index={slot.index} x={x} y={y} />}
      </EdgeLabelRenderer>
    </>
  );
}

/** Whether a test run went along the line: out of a step by the exit it took, or to a step it came to. */
function took(path: Path, source: string, target: string, { kind, arm }: PlacedEdge): boolean {
  if (path.has(target)) return true;
  return kind === 'fan' ? path.get(source)?.exit === arm : path.has(source);
}

type Place = { list: string; index: number; x: number; y: number };

/** Light while closed: there is one on every line, and a menu is heavy. */
const AddHere = memo(function AddHere({ list, index, x, y }: Place) {
  const { t } = useTranslation('automations');
  const ref = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (!ref.current) return;
    return dropTargetForElements({
      element: ref.current,
      canDrop: ({ source }) => source.data.kind === 'new' || source.data.kind === 'move',
      getData: () => ({ list, index }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [list, index]);
  const button = (
    <button
      type="button"
      className={classes.plus}
      aria-label={t('addHere')}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      onClick={() => setOpen(true)}
    >
      <IconPlus size={13} stroke={2.6} />
    </button>
  );
  return (
    <div
      ref={ref}
      className={`${classes.slot} nodrag nopan`}
      data-over={isOver || undefined}
      data-testid={`slot-${list}-${index}`}
      style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
    >
      {isOpen ? (
        <AddMenu slot={{ list, index }} onClose={() => setOpen(false)}>
          {button}
        </AddMenu>
      ) : (
        button
      )}
      <span className={classes.drop}>{isOver ? t('release') : t('dropHere')}</span>
    </div>
  );
});

function AddMenu({ slot, onClose, children }: { slot: Slot; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation('automations');
  const canvas = useCanvas();
  return (
    <Menu opened onClose={onClose} position="bottom" withinPortal>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {canvas.copied && (
          <Menu.Item leftSection={<IconClipboard size={16} stroke={1.7} />} onClick={() => canvas.paste(slot)}>
            {t('paste', { step: canvas.titleOf(canvas.copied) })}
          </Menu.Item>
        )}
        {canvas.palette.map(({ group, items }) => [
          <Menu.Label key={group}>{group}</Menu.Label>,
          ...items.map(({ type, label }) => {
            const Icon = lookOf(type).icon;
            return (
              <Menu.Item
                key={type}
                leftSection={<Icon size={16} stroke={1.7} />}
                onClick={() => canvas.insert(slot, type)}
              >
                {label}
              </Menu.Item>
            );
          }),
        ])}
      </Menu.Dropdown>
    </Menu>
  );
}
