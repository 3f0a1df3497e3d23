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

export const StepCard = memo(function StepCard({ data: { step } }: NodeProps<StepNode>) {
  const { t } = useTranslation('automations');
  const canvas = useCanvas();
  const ref = useRef<HTMLButtonElement>(null);
  const [isDragged, setDragged] = useState(false);
  const look = lookOf(step.type);
  const problem = canvas.problemOf(step.id);
  const counts = canvas.counts?.steps[step.id];
  const came = (counts?.here ?? 0) + (counts?.passed ?? 0) + (counts?.exited ?? 0);
  const entered = canvas.counts?.entered ?? 0;
  const title = canvas.titleOf(step);
  const detail = canvas.detailOf(step);
  useEffect(() => {
    if (!ref.current || !canvas.mayEdit) return;
    return draggable({
      element: ref.current,
      getInitialData: () => ({ kind: 'move', id: step.id }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [step.id, canvas.mayEdit]);
  return (
    <>
      <Into />
      <button
        type="button"
        ref={ref}
        className={`${classes.node} nodrag nopan`}
        data-selected={canvas.selected === step.id || undefined}
        data-issue={problem ? true : undefined}
        data-target={canvas.isPicking || undefined}
        data-step={step.id}
        data-dragging={isDragged || undefined}
        data-testid={`step-${step.id}`}
        onClick={() => canvas.select(step.id)}
        aria-label={[title, detail, problem, step.note].filter(Boolean).join('. ')}
      >
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
          {step.note && (
            <Tooltip label={step.note} multiline maw={260}>
              <IconNote size={16} className={classes.note} />
            </Tooltip>
          )}
          <Warning text={problem} />
        </span>
        <span className={classes.foot}>
          <span className={classes.live} data-on={(counts?.here ?? 0) > 0 || undefined}>
            <i />
            <b className="num">{formatNumber(counts?.here ?? 0)}</b> {t('here')}
          </span>
          <span>
            <b className="num">{formatNumber(counts?.passed ?? 0)}</b> {t('done')}
            {entered > 0 && <span className="num"> · {formatPercent(Math.min(1, came / entered))}</span>}
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
