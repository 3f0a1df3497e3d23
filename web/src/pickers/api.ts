/**
 * The small sets that several features choose from: tags, lists, fields, messages, automations, contacts,
 * and the registry with the vocabulary of conditions and steps.
 */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';
import type { ConditionNode } from './conditions/tree';

export type Tag = { id: number; name: string; description: string; contact_count: number; created_at: string };
export type List = {
  id: number;
  name: string;
  slug: string;
  sender_url: string;
  sender_reminder: string;
  requires_confirmation: boolean;
  confirmation_message_id: number | null;
  consent_text_id: number | null;
  contact_count: number;
  created_at: string;
};
export type FieldType =
  | 'text'
  | 'textarea'
  | 'number'
  | 'currency'
  | 'date'
  | 'datetime'
  | 'dropdown'
  | 'radio'
  | 'checkbox'
  | 'listbox'
  | 'multiselect'
  | 'hidden';
export type Field = {
  id: number;
  name: string;
  key: string;
  type: FieldType;
  options: string[];
  default_value: string | null;
  is_required: boolean;
  is_visible: boolean;
  is_indexed: boolean;
  is_self_service: boolean;
  position: number;
  group_id: number | null;
  list_ids: number[];
};
export type SubscriptionStatus = 'unconfirmed' | 'active' | 'unsubscribed' | 'bounced';
export type FieldValue = string | number | string[] | null;
/** Where a contact is; an empty text means unknown. */
export type Place = Record<'time_zone' | 'language' | 'country' | 'region' | 'city' | 'postal_code', string>;
export type EmailQuality = 'role' | 'disposable' | 'free' | 'mistyped';
/** The place and what the address says come with one contact, not with a page of them. */
export type Contact = Partial<Place> & {
  email_qualities?: EmailQuality[];
  email_suggestion?: string | null;
  id: number;
  email: string | null;
  first_name: string;
  last_name: string;
  phone: string;
  fields: Record<string, FieldValue>;
  tags: { id: number; name: string }[];
  lists: { id: number; name: string; status: SubscriptionStatus }[];
  owner_id: number | null;
  created_at: string;
  updated_at: string;
};
export type Named = { id: number; name: string };

/** JSON schema of the parameters of a condition or a step. */
export type ParamsSchema = {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  $defs?: Record<string, JsonSchema>;
};
export type JsonSchema = {
  $ref?: string;
  type?: string | string[];
  title?: string;
  description?: string;
  format?: string;
  const?: string | number;
  enum?: (string | number)[];
  anyOf?: JsonSchema[];
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
};
export type Registry = {
  conditions: { type: string; label: string; group: string; params: ParamsSchema }[];
  steps: { type: string; label: string; group: string; icon: string; exits: string[]; params: ParamsSchema }[];
  triggers: {
    type: string;
    label: string;
    object: string | null;
    picker: string | null;
    params?: ParamsSchema | null;
  }[];
  merge_fields: { name: string; label: string; sample: string; tag: string }[];
};

const AT_ONCE = 200;
const ENOUGH = 5000;

/** A set that is small enough to choose from, read to its end. */
async function everything<T>(path: string, signal: AbortSignal): Promise<Page<T>> {
  const items: T[] = [];
  let after: string | null = null;
  do {
    const page: Page<T> = await api.get<Page<T>>(path, { signal, query: { limit: AT_ONCE, after } });
    items.push(...page.items);
    after = page.next;
  } while (after && items.length < ENOUGH);
  return { items, next: null, total: items.length };
}

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  queryFn: ({ signal }) => everything<Tag>('/tags', signal),
});
export const listsQuery = queryOptions({
  queryKey: ['lists'],
  queryFn: ({ signal }) => everything<List>('/lists', signal),
});
export const fieldsQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: ({ signal }) => everything<Field>('/fields', signal),
});
export const messageNamesQuery = queryOptions({
  queryKey: ['messages', 'names'],
  queryFn: ({ signal }) => everything<Named>('/messages', signal),
});
export const automationNamesQuery = queryOptions({
  queryKey: ['automations', 'names'],
  queryFn: ({ signal }) => everything<Named>('/automations', signal),
});
export const segmentNamesQuery = queryOptions({
  queryKey: ['segments', 'names'],
  queryFn: ({ signal }) => everything<Named>('/segments', signal),
});
export const companyNamesQuery = queryOptions({
  queryKey: ['companies', 'names'],
  queryFn: ({ signal }) => everything<Named>('/companies', signal),
});
export const companyFieldsQuery = queryOptions({
  queryKey: ['company-fields', 'names'],
  queryFn: ({ signal }) =>
    api.get<Page<Pick<Field, 'id' | 'name' | 'type' | 'options'>>>('/company-fields', { signal }),
});
export const ownersQuery = queryOptions({
  queryKey: ['users', 'names'],
  queryFn: async ({ signal }): Promise<Page<Named>> => {
    const page = await api.get<Page<Named & { email: string }>>('/users', { signal });
    return { ...page, items: page.items.map(({ id, name, email }) => ({ id, name: name || email })) };
  },
  staleTime: 300_000,
});
export const registryQuery = queryOptions({
  queryKey: ['registry'],
  queryFn: ({ signal }) => api.get<Registry>('/registry', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
export const contactSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['contacts', 'search', search],
    queryFn: ({ signal }) => api.get<Page<Contact>>('/contacts', { signal, query: { search, limit: 8 } }),
    placeholderData: keepPreviousData,
  });

/** Everyone who meets a condition, page by page. */
export const contactsOfConditionQuery = (condition: ConditionNode, search: string, sort: string) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'list', 'condition', condition, search, sort],
    queryFn: ({ pageParam, signal }) =>
      api.post<Page<Contact>>(
        '/segments/contacts',
        { condition, search, sort, limit: 100, after: pageParam },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    retry: false,
  });

export type Sample = Pick<Contact, 'id' | 'email' | 'first_name' | 'last_name'>;
/** `plan` says in words how the answer was found. */
export type Counted = { count: number; sample: Sample[]; milliseconds: number; plan: string[] };

/** How many contacts meet a condition now. */
export const countQuery = (condition: string) =>
  queryOptions({
    queryKey: ['segments', 'count', condition],
    queryFn: ({ signal }) => api.post<Counted>('/segments/count', { condition: JSON.parse(condition) }, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 10_000,
  });

export function nameOf(contact: Pick<Contact, 'id' | 'email' | 'first_name' | 'last_name'>): string {
  return `${contact.first_name} ${contact.last_name}`.trim() || contact.email || `#${contact.id}`;
}
