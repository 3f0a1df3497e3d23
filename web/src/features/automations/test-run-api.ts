/** A test run: the draft, one contact and what happens, in order; nothing of it stays. */
import { useMutation } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Explained } from '@/pickers/conditions/WhyTree';
import type { AutomationDocument } from './api';

export type RunEvent = { type: 'next' } | { type: 'advance'; seconds: number } | { type: 'add_tag'; id: number };
export type MadeUp = { email: string; first_name: string; tag_ids: number[]; list_ids: number[] };
export type Asked = {
  document: AutomationDocument;
  contact_id?: number;
  contact?: MadeUp;
  starts_at?: string;
  events: RunEvent[];
  choices?: Record<string, string>;
};
export type Visit = {
  at: string;
  step_id: string;
  type: string;
  conditions: Explained[];
  outcome: string | null;
  mails: { message_id: number; subject: string; html: string; reason: string | null }[];
};
export type Trace = {
  starts_at: string;
  now: string;
  state: 'outside' | 'due' | 'waiting' | 'completed' | 'parked' | 'exited';
  step_id: string | null;
  due_at: string | null;
  error: string | null;
  visits: Visit[];
  choices: Record<string, string>;
};

/** Where a test run came through: by step, its place in the order of first visits, and the exit it took last. */
export type Path = ReadonlyMap<string, { place: number; exit: string | null }>;

export function pathOf(visits: Pick<Visit, 'step_id' | 'outcome'>[]): Path | null {
  const path = new Map<string, { place: number; exit: string | null }>();
  for (const { step_id, outcome } of visits) {
    path.set(step_id, { place: path.get(step_id)?.place ?? path.size + 1, exit: outcome });
  }
  return path.size > 0 ? path : null;
}

export const useTestRun = () =>
  useMutation({ mutationFn: (asked: Asked) => api.post<Trace>('/automations/simulations', asked) });
