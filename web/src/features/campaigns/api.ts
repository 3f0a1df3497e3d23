/** Campaigns: the list, one with its variants, who would get it, checks before sending, the report. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type CampaignKind = 'standard' | 'split' | 'autoresponder' | 'date_based' | 'rss';
export type CampaignState = 'draft' | 'scheduled' | 'sending' | 'paused' | 'sent' | 'cancelled';
export type Audience = {
  everyone: boolean;
  list_ids: number[];
  segment_ids: number[];
  exclude_list_ids: number[];
  exclude_segment_ids: number[];
  unopened_campaign_id: number | null;
};
export type SplitTest = {
  share: number;
  metric: 'opens' | 'clicks' | 'replies' | 'revenue';
  revenue_days: number;
  rule: 'period' | 'significance' | 'bandit';
  hours: number;
  confidence: number;
  tie: 'first' | 'other_metric';
};
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';
/** When a campaign that goes on sends; each kind reads what concerns it. */
export type Timing = {
  delay_hours: number;
  include_existing: boolean;
  field_id: number | null;
  days: number;
  direction: 'before' | 'after';
  is_yearly: boolean;
  at_time: string;
  feed_url: string;
  every: 'hour' | 'day' | 'week' | 'month';
  weekday: Weekday;
  most_items: number;
};
export type Figures = Record<
  | 'total'
  | 'waiting'
  | 'sent'
  | 'failed'
  | 'refused'
  | 'opened'
  | 'clicked'
  | 'unsubscribed'
  | 'bounced'
  | 'machine_opened'
  | 'replied',
  number
> & { revenue: Revenue[] };
/** Deals won by those who opened or clicked, in one currency and its smallest unit. */
export type Revenue = { currency: string; won: number; value: number };
export type VariantBody = { subject: string; from_name: string; from_email: string; message_id: number | null };
export type Variant = VariantBody & {
  number: number;
  sent_message_id: number | null;
  figures: Figures;
  chance: number | null;
};
export type Decision = 'asked' | 'approved' | 'returned';
export type Approval = { decision: Decision; note: string; by: string; at: string };
/** How it stands with the approval of the campaign as it is now, which `content` names. */
export type Standing = {
  is_needed: boolean;
  is_approved: boolean;
  is_outdated: boolean;
  content: string;
  last: Approval | null;
};
export type Campaign = {
  id: number;
  name: string;
  kind: CampaignKind;
  state: CampaignState;
  message_id: number | null;
  subject: string;
  preheader: string;
  from_name: string;
  from_email: string;
  reply_to: string;
  audience: Audience;
  utm: { source: string; medium: string; campaign: string };
  test: SplitTest;
  timing: Timing;
  scheduled_at: string | null;
  is_local_time: boolean;
  parent_id: number | null;
  pause_reason: string | null;
  started_at: string | null;
  is_frozen: boolean;
  frozen_count: number;
  winner: number | null;
  decision: { by: string; is_sure?: boolean } | null;
  finished_at: string | null;
  created_at: string;
  updated_at: string;
  approval: Approval | null;
  figures: Figures;
  variants: Variant[];
};
export type CampaignChange = Partial<Omit<Campaign, 'variants'>> & { variants?: VariantBody[] };
export type Check = { level: 'error' | 'warning' | 'ok'; code: string; message: string };
export type LinkCount = {
  variant: number;
  message_id: number;
  link: number;
  url: string;
  clicks: number;
  people: number;
};
/** A variant as it was sent; its links lead to `#link-<number>`. */
export type LinkMapPage = { variant: number; message_id: number; subject: string; html: string };
export type Report = {
  hours: { hour: string; sent: number; opened: number; clicked: number }[];
  links: LinkCount[];
  domains: { domain: string; sent: number; failed: number; opened: number; clicked: number }[];
  reasons: { reason: string; code: number | null; is_refused: boolean; count: number }[];
  coming: number;
  next_at: string | null;
};
export type FeedItem = { title: string; link: string; summary: string; image: string; published_at: string | null };
/** A feed as it is now; the newest of its items. */
export type Feed = { title: string; count: number; items: FeedItem[] };
/** What a feed's campaign has sent, and how it stands with the feed. */
export type Issues = Page<Campaign> & { read_at: string | null; problem: string | null; next_at: string | null };
export type Recipient = {
  id: number;
  contact_id: number;
  email: string;
  first_name: string;
  last_name: string;
  state: number;
  smtp_reply: string | null;
  sent_at: string | null;
  opened_at: string | null;
  clicked_at: string | null;
};
export type Only = 'all' | 'opened' | 'unopened' | 'clicked' | 'replied' | 'failed' | 'refused' | 'waiting';

export const campaignsQuery = (search: string, status?: CampaignState) =>
  queryOptions({
    queryKey: ['campaigns', 'list', search, status],
    queryFn: ({ signal }) => api.get<Page<Campaign>>('/campaigns', { signal, query: { search, status, limit: 200 } }),
  });
export const calendarQuery = (begins: string, ends: string) =>
  queryOptions({
    queryKey: ['campaigns', 'calendar', begins],
    queryFn: ({ signal }) => api.get<Page<Campaign>>('/campaigns', { signal, query: { begins, ends, limit: 200 } }),
    placeholderData: keepPreviousData,
  });
export const campaignQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', 'one', id],
    queryFn: ({ signal }) => api.get<Campaign>(`/campaigns/${id}`, { signal }),
  });
export const audienceQuery = (audience: Audience) =>
  queryOptions({
    queryKey: ['campaigns', 'audience', audience],
    queryFn: ({ signal }) =>
      api.post<{ count: number; reachable: number }>('/campaigns/audience', audience, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
export const checksQuery = (id: number, updatedAt: string) =>
  queryOptions({
    queryKey: ['campaigns', 'checks', id, updatedAt],
    queryFn: ({ signal }) => api.get<{ items: Check[]; is_ready: boolean }>(`/campaigns/${id}/checks`, { signal }),
  });
export const standingQuery = (id: number, updatedAt: string) =>
  queryOptions({
    queryKey: ['campaigns', 'approval', id, updatedAt],
    queryFn: ({ signal }) => api.get<Standing>(`/campaigns/${id}/approval`, { signal }),
  });
export const reportQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', 'report', id],
    queryFn: ({ signal }) => api.get<Report>(`/campaigns/${id}/report`, { signal }),
  });
export const issuesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['campaigns', 'issues', id],
    queryFn: ({ signal, pageParam }) =>
      api.get<Issues>(`/campaigns/${id}/issues`, { signal, query: { limit: 50, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
export const useLookAtFeed = () =>
  useMutation({ mutationFn: (url: string) => api.post<Feed>('/campaigns/feed', { url }) });
export const linkMapQuery = (id: number, variant: number) =>
  queryOptions({
    queryKey: ['campaigns', 'link-map', id, variant],
    queryFn: ({ signal }) => api.get<LinkMapPage>(`/campaigns/${id}/link-map`, { signal, query: { variant } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const recipientsQuery = (id: number, only: Only) =>
  infiniteQueryOptions({
    queryKey: ['campaigns', 'recipients', id, only],
    queryFn: ({ signal, pageParam }) =>
      api.get<Page<Recipient>>(`/campaigns/${id}/recipients`, { signal, query: { only, limit: 50, after: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

/** Calls of one scope go out one after the other, so that the last one counts. */
function useChanging<A, R>(call: (argument: A) => Promise<R>, scope?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: call,
    scope: scope ? { id: scope } : undefined,
    onSuccess: () => client.invalidateQueries({ queryKey: ['campaigns'] }),
  });
}

export const useCreateCampaign = () =>
  useChanging((body: { name: string; kind: Campaign['kind']; variants?: Partial<VariantBody>[] }) =>
    api.post<Campaign>('/campaigns', body),
  );
export const useSaveCampaign = (id: number) =>
  useChanging((changes: CampaignChange) => api.patch<Campaign>(`/campaigns/${id}`, changes), `campaign-${id}`);
export const useSchedule = (id: number) =>
  useChanging((at: string | null) => api.post<Campaign>(`/campaigns/${id}/schedule`, { at }));
export const useDecide = (id: number) =>
  useChanging(({ decision, ...body }: { decision: 'ask' | 'approve' | 'return'; content: string; note: string }) =>
    api.post<Campaign>(`/campaigns/${id}/approval/${decision}`, body),
  );
export type Act = 'unschedule' | 'pause' | 'resume' | 'cancel' | 'duplicate' | 'resend';
export const useAct = (id: number) =>
  useChanging((act: Act) => api.post<Campaign>(`/campaigns/${id}/${act}`, act === 'resend' ? {} : undefined));
export const useChooseWinner = (id: number) =>
  useChanging((variant: number) => api.post<Campaign>(`/campaigns/${id}/winner`, { variant }));
export const useDeleteCampaign = () => useChanging((id: number) => api.delete(`/campaigns/${id}`));
export const useSendTest = (id: number) =>
  useMutation({ mutationFn: (emails: string[]) => api.post(`/campaigns/${id}/test`, { emails }) });
