/** A small drawing of an automation: a dot a step, in the colour of its kind. */
import type { Step } from '../api';
import { layout } from '../flow/layout';
import { lookOf } from '../model';

type Props = { steps: Step[]; width?: number; height?: number };

const armsOf = (step: Step) => Object.keys(step.arms ?? {});

export function MiniDiagram({ steps, width = 56, height = 76 }: Props) {
  const { nodes, edges } = layout(steps, armsOf);
  const xs = nodes.map((node) => node.x);
  const left = Math.min(...xs);
  const right = Math.max(...xs) + 252;
  const bottom = Math.max(...nodes.map((node) => node.y)) + 84;
  const at = new Map(nodes.map((node) => [node.id, node]));
  const middle = (kind: string) => (kind === 'step' || kind === 'start' ? 126 : 34);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`${left - 20} -20 ${right - left + 40} ${bottom + 40}`}
      aria-hidden
      style={{ flex: 'none' }}
    >
      {edges.map((edge) => {
        const from = at.get(edge.from);
        const to = at.get(edge.to);
        if (!from || !to) return null;
        return (
          <line
            key={edge.id}
            x1={from.x + middle(from.kind)}
            y1={from.y + 42}
            x2={to.x + middle(to.kind)}
            y2={to.y + 20}
            stroke="var(--app-border-strong)"
            strokeWidth={16}
          />
        );
      })}
      {nodes.map((node) =>
        node.kind === 'step' || node.kind === 'start' ? (
          <rect
            key={node.id}
            x={node.x}
            y={node.y}
            width={252}
            height={84}
            rx={30}
            fill={`var(--mantine-color-${node.step ? lookOf(node.step.type).color : 'teal'}-5)`}
          />
        ) : null,
      )}
    </svg>
  );
}
