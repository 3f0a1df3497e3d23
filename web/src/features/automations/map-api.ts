/** All automations and what links them. */
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Status } from './api';

export type MapNode = { id: number; name: string; status: Status };
export type MapLink = {
  from_id: number;
  to_id: number;
  way: 'starts' | 'ends' | 'triggers' | 'decides';
  step_id: string;
  what: string;
  object_id: number | null;
};
export type Finding = {
  kind: string;
  severity: 'error' | 'warning' | 'notice';
  automation_ids: number[];
  message: string;
};

export const mapQuery = queryOptions({
  queryKey: ['automations', 'map'],
  queryFn: ({ signal }) =>
    api.get<{ nodes: MapNode[]; links: MapLink[]; findings: Finding[] }>('/automation-map', { signal }),
});
