/** The document being edited: history, saving by itself with the revision it began from, and conflicts. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { isStatus } from '@/api/problems';
import type { SaveState } from '@/ui/SavedIndicator';
import { toastError } from '@/ui/toast';
import { type Automation, type AutomationDocument, automationQuery, saveAutomation } from './api';
import { begin, change, redo, undo } from './model';

const QUIET = 800;

export function useEditor(automation: Automation) {
  const client = useQueryClient();
  const [history, setHistory] = useState(() => begin(automation.document));
  const [state, setState] = useState<SaveState>('saved');
  const [hasConflict, setConflict] = useState(false);
  const revision = useRef(automation.revision);
  const saved = useRef(automation.document);
  const saving = useRef<Promise<void>>(Promise.resolve());
  const document = history.present;
  const newest = useRef(document);
  newest.current = document;

  const save = useCallback(async () => {
    await saving.current;
    if (newest.current === saved.current) return;
    const sent = newest.current;
    setState('saving');
    saving.current = saveAutomation(automation.id, revision.current, { document: sent })
      .then((answer) => {
        revision.current = answer.revision;
        saved.current = sent;
        client.setQueryData(automationQuery(automation.id).queryKey, { ...answer, document: sent });
        setState(newest.current === sent ? 'saved' : 'dirty');
      })
      .catch((error: unknown) => {
        setState('failed');
        if (isStatus(error, 409)) setConflict(true);
        else toastError(error);
      });
    await saving.current;
  }, [automation.id, client]);

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
    edit: (next: AutomationDocument) => setHistory((current) => change(current, next)),
    undo: () => setHistory(undo),
    redo: () => setHistory(redo),
    reload: async () => {
      await client.refetchQueries({ queryKey: automationQuery(automation.id).queryKey });
      window.location.reload();
    },
  };
}
