/** The automation drawn: nodes and lines derived from the tree; pan, zoom, a map, and drops from the palette. */
import '@xyflow/react/dist/base.css';
import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { ActionIcon, Text } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { Background, MiniMap, Panel, ReactFlow, ReactFlowProvider, useReactFlow, useViewport } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Step } from '../api';
import classes from './canvas.module.css';
import { type CanvasApi, CanvasContext } from './context';
import { type FlowEdge, FlowLine } from './edges';
import { H, layout, type PlacedNode, W } from './layout';
import { type EndNode, EndPill, StartCard, type StartNode, StepCard, type StepNode } from './nodes';

const nodeTypes = { step: StepCard, end: EndPill, start: StartCard };
const edgeTypes = { flow: FlowLine };
type AnyNode = StepNode | EndNode | StartNode;

function toNode(placed: PlacedNode, words: { end: string; empty: string }): AnyNode {
  const base = { id: placed.id, position: { x: placed.x, y: placed.y }, draggable: false, focusable: false };
  if (placed.step) return { ...base, type: 'step', data: { step: placed.step }, width: W, height: H };
  if (placed.kind === 'start') return { ...base, type: 'start', data: {}, width: W, height: H };
  return {
    ...base,
    type: 'end',
    data: { label: placed.kind === 'end' ? words.end : placed.kind === 'join' ? '' : words.empty },
    width: 68,
    height: 28,
  };
}

/** From here on only what can be seen is drawn. */
const MANY = 120;

/** Nodes and lines of the tree. What has not changed stays the same object, so that it is not drawn again. */
function useDrawing(steps: Step[], armsOf: CanvasApi['armsOf']) {
  const { t } = useTranslation('automations');
  const known = useRef({ nodes: new Map<string, AnyNode>(), edges: new Map<string, FlowEdge>() });
  return useMemo(() => {
    const placed = layout(steps, armsOf);
    const words = { end: t('end'), empty: t('empty_arm') };
    const nodes = placed.nodes.map((node) => {
      const old = known.current.nodes.get(node.id);
      const isSame = old?.position.x === node.x && old.position.y === node.y;
      return isSame && (old.type !== 'step' || old.data.step === node.step) ? old : toNode(node, words);
    });
    const edges = placed.edges.map((edge): FlowEdge => {
      const old = known.current.edges.get(edge.id);
      if (old?.data && old.data.arm === edge.arm && old.data.kind === edge.kind) return old;
      return {
        id: edge.id,
        source: edge.from,
        target: edge.to,
        type: 'flow',
        data: { ...edge },
        focusable: false,
      };
    });
    known.current = {
      nodes: new Map(nodes.map((node) => [node.id, node])),
      edges: new Map(edges.map((edge) => [edge.id, edge])),
    };
    return { nodes, edges };
  }, [steps, armsOf, t]);
}

export function Canvas({ steps, canvas }: { steps: Step[]; canvas: CanvasApi }) {
  const { t } = useTranslation('automations');
  const [isDragging, setDragging] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(canvas);
  latest.current = canvas;
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => source.data.kind === 'new' || source.data.kind === 'move',
        onDragStart: () => setDragging(true),
        onDrop: ({ source, location }) => {
          setDragging(false);
          const target = location.current.dropTargets[0]?.data;
          if (typeof target?.list !== 'string' || typeof target.index !== 'number') return;
          const slot = { list: target.list, index: target.index };
          if (source.data.kind === 'new') latest.current.insert(slot, String(source.data.type));
          else latest.current.move(String(source.data.id), slot);
        },
      }),
    [],
  );
  const { armsOf } = canvas;
  const { nodes, edges } = useDrawing(steps, armsOf);
  return (
    <CanvasContext.Provider value={canvas}>
      <ReactFlowProvider>
        <div ref={box} className={classes.root} data-dragging={isDragging || undefined}>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            onInit={(flow) => {
              // Open at a readable size with the start on top, instead of shrinking all of it to fit.
              const width = box.current?.clientWidth ?? 900;
              const xs = nodes.map((node) => node.position.x);
              const span = Math.max(...xs) + W - Math.min(...xs);
              const zoom = Math.min(0.9, Math.max(0.6, (width - 80) / span));
              const middle = (Math.max(...xs) + W + Math.min(...xs)) / 2;
              void flow.setViewport({ x: width / 2 - middle * zoom, y: 36, zoom });
            }}
            minZoom={0.25}
            maxZoom={1.5}
            nodesConnectable={false}
            onlyRenderVisibleElements={nodes.length > MANY}
            panOnScroll
            zoomOnDoubleClick={false}
            onPaneClick={() => canvas.select(null)}
            proOptions={{ hideAttribution: true }}
          >
            <Background gap={20} size={1.4} color="var(--app-dot)" />
            <MiniMap
              position="bottom-right"
              pannable
              zoomable
              className={classes.minimap}
              maskColor="transparent"
              nodeColor="var(--app-border-strong)"
              nodeBorderRadius={14}
              ariaLabel={t('mapOf')}
            />
            <Zoom />
            <Follow at={nodes.find((node) => node.id === canvas.selected)?.position} box={box} />
          </ReactFlow>
        </div>
      </ReactFlowProvider>
    </CanvasContext.Provider>
  );
}

const ROOM = 150;

/** Brings the chosen step into view, with room for what can be added behind it. */
function Follow({
  at,
  box,
}: {
  at: { x: number; y: number } | undefined;
  box: React.RefObject<HTMLDivElement | null>;
}) {
  const { getViewport, setCenter } = useReactFlow();
  const x = at?.x;
  const y = at?.y;
  useEffect(() => {
    if (x === undefined || y === undefined || !box.current) return;
    const view = getViewport();
    const { clientWidth, clientHeight } = box.current;
    const left = x * view.zoom + view.x;
    const top = y * view.zoom + view.y;
    const right = left + W * view.zoom;
    const bottom = top + (H + ROOM) * view.zoom;
    const isSeen = left >= 0 && right <= clientWidth && top >= 0 && bottom <= clientHeight;
    if (!isSeen) void setCenter(x + W / 2, y + H, { zoom: view.zoom, duration: 200 });
  }, [x, y, box, getViewport, setCenter]);
  return null;
}

function Zoom() {
  const { t } = useTranslation('automations');
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const { zoom } = useViewport();
  return (
    <Panel position="bottom-left" className={classes.zoom}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('zoomOut')}
        onClick={() => void zoomOut({ duration: 150 })}
      >
        <IconMinus size={16} />
      </ActionIcon>
      <Text size="xs" w={38} ta="center" className="num">
        {Math.round(zoom * 100)}%
      </Text>
      <ActionIcon variant="subtle" color="gray" aria-label={t('zoomIn')} onClick={() => void zoomIn({ duration: 150 })}>
        <IconPlus size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('fit')}
        onClick={() => void fitView({ duration: 250, padding: 0.12, maxZoom: 1 })}
      >
        <IconMaximize size={16} />
      </ActionIcon>
    </Panel>
  );
}
