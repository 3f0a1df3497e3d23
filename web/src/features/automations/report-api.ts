/** The report of an automation, and the recipes there are with what each would make. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';

export type Report = {
  entered: number;
  completed: number;
  exited: number;
  active: number;
  parked: number;
  average_seconds: number | null;
  days: { day: string; entered: number; completed: number; exited: number; goals: number }[];
  exits: { reason: string; count: number }[];
  goals: { step_id: string; name: string; reached: number; rate: number; average_seconds: number | null }[];
  steps: {
    step_id: string;
    type: string;
    here: number;
    passed: number;
    parked: number;
    exited: number;
    share: number;
  }[];
  messages: {
    step_id: string;
    message_id: number;
    name: string;
    sent: number;
    opened: number;
    clicked: number;
    bounced: number;
    not_sent: number;
  }[];
};
export type ReportPart = 'days' | 'exits' | 'goals' | 'steps' | 'messages';

export const reportQuery = (id: number, days: number) =>
  queryOptions({
    queryKey: ['automations', 'report', id, days],
    queryFn: ({ signal }) => api.get<Report>(`/automations/${id}/report`, { signal, query: { days } }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

export const reportFile = (id: number, days: number, part: ReportPart) =>
  `/api/v1/automations/${id}/report.csv?days=${days}&part=${part}`;
