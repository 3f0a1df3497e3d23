/** Pure knowledge about contacts: their standing, the timeline's words and the filter in the address. */
import type { Contact, FieldValue, SubscriptionStatus } from '@/pickers/api';
import type { ConditionNode } from '@/pickers/conditions/tree';
import type { ContactFilter } from './api';

export const statuses: SubscriptionStatus[] = ['active', 'unconfirmed', 'unsubscribed', 'bounced'];

export const statusColor: Record<SubscriptionStatus, string> = {
  active: 'teal',
  unconfirmed: 'yellow',
  unsubscribed: 'gray',
  bounced: 'red',
};

/** One word for all subscriptions: the best standing counts. Null without any list. */
export function standingOf(contact: Pick<Contact, 'lists'>): SubscriptionStatus | null {
  return statuses.find((status) => contact.lists.some((list) => list.status === status)) ?? null;
}

/** What the address of the list holds. What it does not say, the saved view says. */
export type ContactSearch = {
  q?: string;
  tag?: number;
  list?: number;
  status?: SubscriptionStatus;
  sort?: string;
  view?: number;
  /** The condition of the filter panel. */
  where?: Record<string, unknown>;
  columns?: string[];
  panel?: boolean;
};

export const DEFAULT_SORT = '-created_at';

export function filterOf(search: ContactSearch): ContactFilter {
  const filter: ContactFilter = {};
  if (search.q?.trim()) filter.search = search.q.trim();
  if (search.tag) filter.tag_id = search.tag;
  if (search.list) filter.list_id = search.list;
  if (search.status) filter.status = search.status;
  return filter;
}

export const isFiltered = (filter: ContactFilter) => Object.keys(filter).length > 0;

/** How many conditions it holds. */
export const partsOf = (condition: ConditionNode): number =>
  'conditions' in condition ? condition.conditions.reduce((sum, part) => sum + partsOf(part), 0) : 1;

/** Without a status, any standing with the list will do; without a list, any list. */
function onList(list_id: number | undefined, status: SubscriptionStatus | undefined): ConditionNode {
  const leaf = (one: SubscriptionStatus) => ({ type: 'on_list', params: { ...(list_id && { list_id }), status: one } });
  return status ? leaf(status) : { match: 'any', conditions: statuses.map(leaf) };
}

/** The condition of the panel together with the quick filters, in the one language; the search stays beside it. */
export function conditionOf(filter: ContactFilter, where: ConditionNode | undefined): ConditionNode | null {
  const { tag_id, list_id, status } = filter;
  const parts: ConditionNode[] = [];
  if (where && partsOf(where) > 0) parts.push(where);
  if (tag_id) parts.push({ type: 'has_tag', params: { tag_id } });
  if (list_id || status) parts.push(onList(list_id, status));
  const [first] = parts;
  if (!first) return null;
  if (parts.length === 1 && 'conditions' in first) return first;
  return { match: 'all', conditions: parts };
}

/** The kinds of the log that belong together in the timeline's filter. */
export const timelineGroups = {
  contact: [
    'contact_created',
    'contact_updated',
    'field_changed',
    'contact_deleted',
    'contact_restored',
    'contact_merged',
  ],
  tags: ['tag_added', 'tag_removed'],
  lists: [
    'list_subscribed',
    'list_unsubscribed',
    'unsubscribed',
    'confirmation_requested',
    'consent_given',
    'consent_withdrawn',
  ],
  messages: ['message_sent', 'message_opened', 'link_clicked', 'message_failed', 'message_bounced'],
  deals: [
    'deal_added',
    'deal_stage_changed',
    'deal_won',
    'deal_lost',
    'deal_reopened',
    'deal_value_changed',
    'deal_owner_changed',
    'deal_field_changed',
    'deal_updated',
    'deal_deleted',
    'deal_note_added',
    'task_added',
    'task_done',
  ],
  automations: ['automation_entered', 'automation_completed', 'automation_exited', 'step_parked'],
} as const;

export type TimelineGroup = keyof typeof timelineGroups;

export const isTimelineGroup = (value: string | undefined): value is TimelineGroup =>
  value !== undefined && value in timelineGroups;

/** What a field's value looks like in one line. */
export function showValue(value: FieldValue | undefined): string {
  if (value === null || value === undefined || value === '') return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The ledger and enrollments answer with a word or with its number. */
export const ledgerStates = ['queued', 'sending', 'sent', 'failed', 'suppressed'] as const;
export const enrollmentStates = ['due', 'waiting', 'completed', 'parked', 'exited'] as const;

export function wordOf<T extends string>(words: readonly T[], state: string | number): T {
  const found = typeof state === 'number' ? words[state] : words.find((word) => word === state);
  return found ?? (words[0] as T);
}
