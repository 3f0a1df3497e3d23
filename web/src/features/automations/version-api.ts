/** Publishing a draft while contacts are inside, and the versions there have been. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Automation, AutomationDocument } from './api';

export type Change = {
  kind: 'added' | 'removed' | 'changed' | 'moved';
  part: 'step' | 'trigger' | 'settings';
  id: string;
  type: string;
  values: { name: string; before: unknown; after: unknown }[];
};
export type Occupied = {
  step_id: string;
  type: string;
  here: number;
  change: 'same' | 'changed' | 'gone';
  next_step_id: string | null;
};
export type Way = 'stay' | 'next' | 'step' | 'exit';
export type Move = { step_id: string; way: Way; to_step_id?: string };
export type Version = {
  number: number;
  published_by_name: string | null;
  note: string;
  created_at: string;
  inside: number;
};
export type WholeVersion = Version & { document: AutomationDocument; changes: Change[] };

export const publicationQuery = (id: number, revision: number) =>
  queryOptions({
    queryKey: ['automations', 'publication', id, revision],
    queryFn: ({ signal }) =>
      api.get<{ changes: Change[]; occupied: Occupied[] }>(`/automations/${id}/publication`, { signal }),
  });
export const versionsQuery = (id: number) =>
  queryOptions({
    queryKey: ['automations', 'versions', id],
    queryFn: ({ signal }) => api.get<{ items: Version[] }>(`/automations/${id}/versions`, { signal }),
  });
export const versionQuery = (id: number, number: number) =>
  queryOptions({
    queryKey: ['automations', 'version', id, number],
    queryFn: ({ signal }) => api.get<WholeVersion>(`/automations/${id}/versions/${number}`, { signal }),
  });

type Publication = { note: string; moves: Move[]; waits: 'count' | 'keep'; inside: 'move' | 'finish' };

export function usePublish(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ revision, ...body }: Publication & { revision: number }) =>
      api.post<{ automation: Automation; moved: number }>(`/automations/${id}/publish`, body, {
        headers: { 'If-Match': `"${revision}"` },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['automations'] }),
  });
}

/** The draft as a file, with names where ids stand. */
export const fileUrl = (id: number) => `/api/v1/automations/${id}/file`;

export function useCopyAutomation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post<Automation>(`/automations/${id}/copy`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['automations'] }),
  });
}

/** A file brings along the tags, lists, fields and messages it names. */
export function useImportAutomation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (file: File) => api.post<Automation>('/automations/import', JSON.parse(await file.text())),
    onSuccess: () =>
      Promise.all(
        [['automations'], ['tags'], ['lists'], ['fields'], ['messages']].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
