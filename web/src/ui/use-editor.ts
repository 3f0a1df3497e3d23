/** A document being edited: history, saving by itself with the revision it began from, and conflicts. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { isStatus } from '@/api/problems';
import { begin, change, redo, undo } from '@/lib/history';
import type { SaveState } from './SavedIndicator';
import { toastError } from './toast';

const QUIET = 800;

/** `save` sends the document on top of a revision and answers with the new one. */
export function useEditor<T>(
  initial: T,
  firstRevision: number,
  send: (document: T, revision: number) => Promise<number>,
) {
  const [history, setHistory] = useState(() => begin(initial));
  const [state, setState] = useState<SaveState>('saved');
  const [hasConflict, setConflict] = useState(false);
  const revision = useRef(firstRevision);
  const saved = useRef(initial);
  const saving = useRef<Promise<void>>(Promise.resolve());
  const document = history.present;
  const newest = useRef(document);
  newest.current = document;
  const sender = useRef(send);
  sender.current = send;

  const save = useCallback(async () => {
    await saving.current;
    if (newest.current === saved.current) return;
    const sent = newest.current;
    setState('saving');
    saving.current = sender
      .current(sent, revision.current)
      .then((next) => {
        revision.current = next;
        saved.current = sent;
        setState(newest.current === sent ? 'saved' : 'dirty');
      })
      .catch((error: unknown) => {
        setState('failed');
        if (isStatus(error, 409)) setConflict(true);
        else toastError(error);
      });
    await saving.current;
  }, []);

  useEffect(() => {
    if (document === saved.current) return;
    setState('dirty');
    const timer = setTimeout(() => void save(), QUIET);
    return () => clearTimeout(timer);
  }, [document, save]);

  return {
    document,
    state,
    hasConflict,
    save,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    /** Changes that share a mark and follow closely are undone together. */
    edit: (next: T, mark?: string) => setHistory((current) => change(current, next, mark)),
    /** What the server made of it by itself, such as an older version; it can be undone like any change. */
    adopt: (next: T, nextRevision: number) => {
      revision.current = nextRevision;
      saved.current = next;
      setState('saved');
      setHistory((current) => change(current, next));
    },
    undo: () => setHistory(undo),
    redo: () => setHistory(redo),
  };
}
