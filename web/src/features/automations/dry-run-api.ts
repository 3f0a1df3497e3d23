/** A dry run: the draft held against what happened in the last days; nothing of it stays. */
import { useMutation } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { AutomationDocument } from './api';

export type DryRun = {
  starts_at: string;
  ends_at: string;
  is_complete: boolean;
  entered: number;
  contacts: number;
  inside: number;
  completed: number;
  left: number;
  parked: number;
  by_trigger: Record<string, number>;
  steps: { step_id: string; here: number; passed: number; parked: number }[];
  mails: { step_id: string; message_id: number; sent: number; refused: Record<string, number> }[];
  crowded: number;
  days: { date: string; entered: number; mails: number }[];
};

export const useDryRun = () =>
  useMutation({
    mutationFn: (asked: { document: AutomationDocument; automation_id: number; days: number }) =>
      api.post<DryRun>('/automations/dry-runs', asked),
  });
