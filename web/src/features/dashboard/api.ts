/** The start page's numbers. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';

export type Day = { day: string; sent: number; opened: number; clicked: number; contacts: number };
export type AutomationState = {
  id: number;
  name: string;
  status: 'draft' | 'active' | 'paused';
  active_count: number;
  completed_count: number;
};
export type RecentFact = {
  id: number;
  at: string;
  kind: string;
  label: string;
  contact_id: number;
  contact_name: string;
  object_id: number | null;
  object_name: string | null;
};
export type Dashboard = {
  contacts_total: number;
  contacts_new_30d: number;
  messages_sent_30d: number;
  opens_30d: number;
  clicks_30d: number;
  series: Day[];
  automations: AutomationState[];
  recent: RecentFact[];
};

export const dashboardQuery = queryOptions({
  queryKey: ['dashboard'],
  queryFn: ({ signal }) => api.get<Dashboard>('/dashboard', { signal }),
});
