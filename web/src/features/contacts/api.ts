/** Contacts, and what belongs to one: timeline, messages, automations. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { Contact, FieldValue, Place, SubscriptionStatus } from '@/pickers/api';
import type { Explained } from '@/pickers/conditions/WhyTree';

export type ContactFilter = {
  search?: string;
  tag_id?: number;
  list_id?: number;
  status?: SubscriptionStatus;
};
export type ContactInput = Partial<Place> & {
  email?: string | null;
  first_name?: string;
  last_name?: string;
  phone?: string;
  fields?: Record<string, FieldValue>;
  owner_id?: number | null;
};
export type BulkAction = 'add_tag' | 'remove_tag' | 'subscribe' | 'unsubscribe' | 'set_owner' | 'delete';
export type BulkInput = {
  contact_ids?: number[];
  filter?: ContactFilter;
  action: BulkAction;
  tag_id?: number;
  list_id?: number;
  owner_id?: number;
};
export type TimelineEntry = {
  id: number;
  at: string;
  kind: string;
  label: string;
  contact_id: number;
  object_id: number | null;
  object_name?: string | null;
  data: Record<string, unknown> | null;
  actor: 'user' | 'api' | 'contact' | 'automation' | 'import' | 'system';
  actor_id: number | null;
};
export type ContactMessage = {
  id: number;
  message_id: number;
  message_name?: string;
  subject?: string;
  email: string;
  state: 'queued' | 'sending' | 'sent' | 'failed' | 'suppressed' | number;
  created_at: string;
  due_at?: string | null;
  sent_at: string | null;
  opened_at: string | null;
  open_count: number;
  clicked_at: string | null;
  click_count: number;
  smtp_reply?: string | null;
  reason?: string | null;
};
export type ContactAutomation = {
  id: number;
  automation_id: number;
  automation_name: string;
  step_id: string | null;
  state: 'due' | 'waiting' | 'completed' | 'parked' | 'exited' | number;
  due_at: string | null;
  entered_at: string;
  finished_at: string | null;
  error: string | null;
};

export const contactListQuery = (filter: ContactFilter, sort: string) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'list', filter, sort],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Contact>>('/contacts', { signal, query: { ...filter, sort, limit: 100, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const contactQuery = (id: number) =>
  queryOptions({
    queryKey: ['contacts', 'one', id],
    queryFn: ({ signal }) => api.get<Contact>(`/contacts/${id}`, { signal }),
  });

export const timelineQuery = (id: number, kinds: string) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'timeline', id, kinds],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TimelineEntry>>(`/contacts/${id}/timeline`, { signal, query: { kinds, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const contactMessagesQuery = (id: number) =>
  queryOptions({
    queryKey: ['contacts', 'messages', id],
    queryFn: ({ signal }) => api.get<Page<ContactMessage>>(`/contacts/${id}/messages`, { signal }),
  });

export const contactAutomationsQuery = (id: number) =>
  queryOptions({
    queryKey: ['contacts', 'automations', id],
    queryFn: ({ signal }) => api.get<Page<ContactAutomation>>(`/contacts/${id}/automations`, { signal }),
  });

/** Why the contact is in an automation or not; texts are in words already. */
export type AutomationExplanation = {
  is_inside: boolean;
  summary: string;
  waits_for: Explained | null;
  checks: { name: string; passed: boolean; text: string; trigger_id: string | null; tree: Explained | null }[];
  mails: {
    step_id: string;
    state: 'queued' | 'sending' | 'sent' | 'failed' | 'suppressed';
    at: string | null;
    reason: string | null;
  }[];
};

export const explainAutomationQuery = (id: number, automation: number | null) =>
  queryOptions({
    queryKey: ['contacts', 'explain', id, automation],
    queryFn: ({ signal }) =>
      api.get<AutomationExplanation>(`/automations/${automation}/contacts/${id}/explanation`, { signal }),
    enabled: automation !== null,
    retry: false,
  });

type PathStep = { at: string; step_id: string; type: string; outcome: string };
type StepShape = { id: string; type: string; arms?: Record<string, StepShape[]> };

export const runPathQuery = (enrollmentId: number) =>
  queryOptions({
    queryKey: ['contacts', 'path', enrollmentId],
    queryFn: ({ signal }) => api.get<{ items: PathStep[] }>(`/enrollments/${enrollmentId}/path`, { signal }),
  });

const typesIn = (steps: StepShape[]): [string, string][] =>
  steps.flatMap((step) => [[step.id, step.type], ...Object.values(step.arms ?? {}).flatMap(typesIn)]);

/** What kind each step of an automation is, to name the one a contact stands on. */
export const stepTypesQuery = (automationId: number) =>
  queryOptions({
    queryKey: ['automations', 'types', automationId],
    queryFn: ({ signal }) => api.get<{ document: { steps: StepShape[] } }>(`/automations/${automationId}`, { signal }),
    select: (automation) => new Map(typesIn(automation.document.steps)),
  });

/** Everything that counts or shows contacts. */
function useRefreshContacts() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [['contacts'], ['tags'], ['lists'], ['dashboard']].map((queryKey) => client.invalidateQueries({ queryKey })),
    );
}

export function useCreateContact() {
  const refresh = useRefreshContacts();
  return useMutation({ mutationFn: (body: ContactInput) => api.post<Contact>('/contacts', body), onSuccess: refresh });
}

/** Shows the change at once and takes it back if the server refuses. */
export function useUpdateContact(id: number) {
  const client = useQueryClient();
  const refresh = useRefreshContacts();
  const key = contactQuery(id).queryKey;
  return useMutation({
    mutationFn: (body: ContactInput) => api.patch<Contact>(`/contacts/${id}`, body),
    onMutate: async (body) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData(key);
      if (before) {
        client.setQueryData(key, { ...before, ...body, fields: { ...before.fields, ...body.fields } } as Contact);
      }
      return { before };
    },
    onError: (_error, _body, context) => client.setQueryData(key, context?.before),
    onSettled: refresh,
  });
}

export function useBulk() {
  const refresh = useRefreshContacts();
  return useMutation({
    mutationFn: (body: BulkInput) => api.post<{ changed: number }>('/contacts/bulk', body),
    onSuccess: refresh,
  });
}

export function useDeleteContact() {
  const client = useQueryClient();
  const refresh = useRefreshContacts();
  return useMutation({
    mutationFn: (id: number) => api.delete(`/contacts/${id}`),
    onSuccess: async (_answer, id) => {
      for (const part of ['one', 'timeline', 'messages', 'automations'])
        client.removeQueries({ queryKey: ['contacts', part, id] });
      await refresh();
    },
  });
}

/** Back from the trash; a conflict (the address is taken again) is an error here. */
export function useRestoreContact() {
  const refresh = useRefreshContacts();
  return useMutation({
    mutationFn: async (id: number) => {
      type Answer = { conflicts: { detail: string }[] };
      const answer = await api.post<Answer>('/trash/restore', { contact_ids: [id] });
      const conflict = answer.conflicts[0];
      if (conflict) throw new Error(conflict.detail);
    },
    onSuccess: refresh,
  });
}
