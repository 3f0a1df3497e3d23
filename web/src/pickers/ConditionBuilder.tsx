/**
 * Nested groups of conditions, each "all", "any" or "none" of what it holds; words and forms come from the registry.
 * Everything can be done by keyboard: the sentence of a condition opens it, Alt and an arrow move it.
 */
import { announce } from '@atlaskit/pragmatic-drag-and-drop-live-region';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type FieldProblem } from '@/api/problems';
import { type Registry, registryQuery } from './api';
import classes from './conditions/conditions.module.css';
import { type Editing, EditingContext } from './conditions/context';
import { useDrops } from './conditions/dragging';
import { GroupEditor } from './conditions/GroupEditor';
import { LiveCount } from './conditions/LiveCount';
import * as tree from './conditions/tree';
import { type LiveCount as Live, useLiveCount } from './conditions/use-live-count';
import { useSpeech } from './conditions/use-speech';
import type { Errors } from './SchemaForm';
import { isFilled } from './schema';

export type { ConditionGroup, ConditionNode, Leaf } from './conditions/tree';

export type Counting = Live & {
  /** Conditions that are not filled in yet, and therefore not counted. */
  unfinished: number;
};

type Props = {
  value: tree.ConditionNode | undefined;
  onChange: (value: tree.ConditionNode) => void;
  /** Problems of the whole condition that a server named; pointers begin at the condition. */
  problems?: FieldProblem[];
  /** Shows the count beside the conditions in a page's own way, instead of in a line below them. */
  beside?: (live: Counting) => ReactNode;
  /** Stands under the conditions where the count is beside them. */
  under?: ReactNode;
  isReadOnly?: boolean;
  /** Called with what is filled in so far, which is what can be asked of a server. */
  onFilled?: (filled: tree.ConditionGroup, unfinished: number) => void;
};

export function ConditionBuilder(props: Props) {
  const { t } = useTranslation('pickers');
  const { data: registry } = useQuery(registryQuery);
  if (!registry) return <Text size="sm">{t('loading')}</Text>;
  return <Builder {...props} registry={registry} />;
}

/** The tree with its keys, which is read again only when the value was changed elsewhere. */
function useTree(value: Props['value'], onChange: Props['onChange']) {
  const [root, setRoot] = useState(() => tree.fromDocument(value));
  const known = useRef(JSON.stringify(value ?? null));
  const given = JSON.stringify(value ?? null);
  useEffect(() => {
    if (given === known.current) return;
    known.current = given;
    setRoot(tree.fromDocument(JSON.parse(given)));
  }, [given]);
  const change = (next: tree.KeyedGroup) => {
    if (next === root) return;
    const document = tree.toDocument(next);
    known.current = JSON.stringify(document);
    setRoot(next);
    onChange(document);
  };
  return { root, change };
}

function Builder({
  registry,
  value,
  onChange,
  problems = [],
  beside,
  under,
  isReadOnly,
  onFilled,
}: Props & { registry: Registry }) {
  const { t } = useTranslation('pickers');
  const id = useId();
  const { root, change } = useTree(value, onChange);
  const box = useRef<HTMLDivElement>(null);
  const focus = useRef<{ key: string; root: tree.KeyedGroup } | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const filled = useMemo(() => {
    const schemas = new Map(registry.conditions.map((condition) => [condition.type, condition.params]));
    return tree.complete(root, (leaf) => isFilled(schemas.get(leaf.type) ?? {}, leaf.params));
  }, [registry, root]);
  const unfinished = tree.leavesOf(root).length - tree.leavesOf(filled).length;
  useFilled(filled, unfinished, onFilled);
  const live = useLiveCount(filled);
  const counted = live.error instanceof ApiError ? live.error.errors : [];
  const errors = new Map<string, Errors>();
  note(errors, root, problems);
  note(errors, filled, counted.filter((problem) => problem.pointer.startsWith('/condition')).map(withoutStart));

  useEffect(() => {
    // An effect of an earlier render may still run after the change: it would look at the tree before it.
    if (focus.current?.root !== root) return;
    const part = box.current?.querySelector<HTMLElement>(`[data-part="${focus.current.key}"]`);
    (part?.matches('button') ? part : part?.querySelector<HTMLElement>('input:checked'))?.focus();
    focus.current = null;
  });
  const isDragging = useDrops(id, (key, place) => {
    change(tree.move(root, key, place));
    announce(t('condition.moved'));
  });
  const editing: Editing = {
    id,
    root,
    registry,
    say: useSpeech(registry, root),
    errorsOf: (key) => errors.get(key) ?? {},
    isOpen: (key) => open.has(key),
    toggle: (key, isOpen) =>
      setOpen((old) => (isOpen ? new Set([...old, key]) : new Set([...old].filter((item) => item !== key)))),
    openOnly: (key) => setOpen(new Set([key])),
    change: (next, key) => {
      focus.current = key ? { key, root: next } : null;
      change(next);
    },
  };
  return (
    <EditingContext value={editing}>
      <div
        ref={box}
        className={classes.builder}
        data-dragging={isDragging || undefined}
        data-beside={beside ? true : undefined}
      >
        <div className={classes.column}>
          <fieldset className={classes.conditions} disabled={isReadOnly}>
            <GroupEditor group={root} isRoot />
          </fieldset>
          {under}
        </div>
        {beside ? beside({ ...live, unfinished }) : <LiveCount live={live} unfinished={unfinished} />}
      </div>
    </EditingContext>
  );
}

function useFilled(filled: tree.KeyedGroup, unfinished: number, onFilled: Props['onFilled']) {
  const tell = useRef(onFilled);
  tell.current = onFilled;
  useEffect(() => tell.current?.(tree.toDocument(filled), unfinished), [filled, unfinished]);
}

const withoutStart = (problem: FieldProblem) => ({ ...problem, pointer: problem.pointer.slice('/condition'.length) });

function note(errors: Map<string, Errors>, root: tree.KeyedGroup, problems: FieldProblem[]) {
  for (const problem of problems) {
    const { key, rest } = tree.locate(root, problem.pointer);
    errors.set(key, { ...errors.get(key), [rest]: problem.message });
  }
}
