/** The cards on the canvas: the start, a step, an end. */
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { ThemeIcon, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconBolt, IconNote } from '@tabler/icons-react';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatPercent } from '@/lib/format';
import type { Step } from '../api';
import { lookOf } from '../model';
import classes from './canvas.module.css';
import { useCanvas } from './context';
import { START } from './layout';

export type StepNode = Node<{ step: Step }, 'step'>;
export type StartNode = Node<Record<string, never>, 'start'>;
export type EndNode = Node<{ label: string }, 'end'>;

const Into = () => <Handle type="target" position={Position.Top} className={classes.handle} isConnectable={false} />;
const Out = () => <Handle type="source" position={Position.Bottom} className={classes.handle} isConnectable={false} />;

export const StartCard = memo(function StartCard(_props: NodeProps<StartNode>) {
  const { t } = useTranslation('automations');
  const canvas = useCanvas();
  const problem = canvas.problemOf(START);
  const entered = canvas.counts?.entered ?? 0;
  return (
    <>
      <button
        type="button"
        className={`${classes.node} nodrag nopan`}
        data-selected={canvas.selected === START || undefined}
        onClick={() => canvas.select(START)}
        aria-label={`${t('trigger.title')}: ${canvas.triggerLine}`}
      >
        <span className={classes.top}>
          <ThemeIcon variant="light" color="teal" size={32} radius="md">
            <IconBolt size={18} stroke={1.7} />
          </ThemeIcon>
          <span className={classes.text}>
            <span className={classes.title}>{t('trigger.title')}</span>
            <span className={classes.detail}>{canvas.triggerLine}</span>
          </span>
          <Warning text={problem} />
        </span>
        <span className={classes.foot}>
          <span>
            <b className="num">{formatNumber(entered)}</b> {t('entered')}
          </span>
        </span>
      </button>
      <Out />
    </>
  );
});

/** Asks the canvas what is to be seen; the face is drawn again only when that has changed. */
export function StepCard({ data: { step } }: NodeProps<StepNode>) {
  const canvas = useCanvas();
  const counts = canvas.counts?.steps[step.id];
  const came = (counts?.here ?? 0) + (counts?.passed ?? 0) + (counts?.exited ?? 0);
  const entered = canvas.counts?.entered ?? 0;
  return (
    <Face
      id={step.id}
      type={step.type}
      note={step.note}
      title={canvas.titleOf(step)}
      detail={canvas.detailOf(step)}
      problem={canvas.problemOf(step.id)}
      here={counts?.here ?? 0}
      passed={counts?.passed ?? 0}
      part={entered > 0 ? Math.min(1, came / entered) : null}
      isSelected={canvas.selected === step.id}
      isPicking={canvas.isPicking}
      place={canvas.path && (canvas.path.get(step.id)?.place ?? 0)}
      mayEdit={canvas.mayEdit}
      onSelect={canvas.select}
    />
  );
}

type FaceProps = {
  id: string;
  type: string;
  note: string | undefined;
  title: string;
  detail: string;
  problem: string | undefined;
  here: number;
  passed: number;
  part: number | null;
  isSelected: boolean;
  isPicking: boolean;
  /** In a test run: the place among the steps it came through, 0 where it did not come. */
  place: number | null;
  mayEdit: boolean;
  onSelect: (id: string) => void;
};

const Face = memo(function Face({ id, type, note, title, detail, problem, mayEdit, onSelect, ...rest }: FaceProps) {
  const { t } = useTranslation('automations');
  const ref = useRef<HTMLButtonElement>(null);
  const [isDragged, setDragged] = useState(false);
  const look = lookOf(type);
  useEffect(() => {
    if (!ref.current || !mayEdit) return;
    return draggable({
      element: ref.current,
      getInitialData: () => ({ kind: 'move', id }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [id, mayEdit]);
  return (
    <>
      <Into />
      <button
        type="button"
        ref={ref}
        className={`${classes.node} nodrag nopan`}
        data-selected={rest.isSelected || undefined}
        data-issue={problem ? true : undefined}
        data-target={rest.isPicking || undefined}
        data-step={id}
        data-dragging={isDragged || undefined}
        data-path={rest.place === null ? undefined : rest.place > 0 ? 'on' : 'off'}
        data-testid={`step-${id}`}
        onClick={() => onSelect(id)}
        aria-label={[title, detail, problem, note, rest.place ? t('testRun.place', { place: rest.place }) : '']
          .filter(Boolean)
          .join('. ')}
      >
        {!!rest.place && (
          <span className={`${classes.place} num`} aria-hidden>
            {rest.place}
          </span>
        )}
        <span className={classes.top}>
          <ThemeIcon variant="light" color={look.color} size={32} radius="md">
            <look.icon size={18} stroke={1.7} />
          </ThemeIcon>
          <span className={classes.text}>
            <span className={classes.title}>{title}</span>
            {problem ? (
              <span className={classes.problem}>{problem}</span>
            ) : (
              <span className={classes.detail}>{detail}</span>
            )}
          </span>
          {note && (
            <Tooltip label={note} multiline maw={260}>
              <IconNote size={16} className={classes.note} />
            </Tooltip>
          )}
          <Warning text={problem} />
        </span>
        <span className={classes.foot}>
          <span className={classes.live} data-on={rest.here > 0 || undefined}>
            <i />
            <b className="num">{formatNumber(rest.here)}</b> {t('here')}
          </span>
          <span>
            <b className="num">{formatNumber(rest.passed)}</b> {t('done')}
            {rest.part !== null && <span className="num"> · {formatPercent(rest.part)}</span>}
          </span>
        </span>
      </button>
      <Out />
    </>
  );
});

function Warning({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <Tooltip label={text} multiline maw={260}>
      <IconAlertTriangle size={16} className={classes.warn} />
    </Tooltip>
  );
}

export const EndPill = memo(function EndPill({ data }: NodeProps<EndNode>) {
  return (
    <div className={classes.end} data-join={data.label === '' || undefined}>
      <Into />
      {data.label}
      <Out />
    </div>
  );
});
