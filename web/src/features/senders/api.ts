/** Senders, their domains, mail servers, and the limits under which mail goes out. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/api/client';

export type Sender = {
  id: number;
  from_name: string;
  from_email: string;
  reply_to: string;
  physical_address: string;
  relay_id: number | null;
  is_default: boolean;
};
export type SenderInput = Omit<Sender, 'id' | 'is_default'>;
export type Security = 'none' | 'starttls' | 'tls';
export type Server = {
  id: number;
  name: string;
  host: string;
  port: number;
  security: Security;
  username: string;
  has_password: boolean;
  weight: number;
  domains: string[];
  connections: number;
  signs: boolean;
  is_enabled: boolean;
  failures: number;
  open_until: string | null;
  problem: string | null;
  problem_at: string | null;
};
export type ServerInput = Pick<
  Server,
  'name' | 'host' | 'port' | 'security' | 'username' | 'weight' | 'domains' | 'connections' | 'signs' | 'is_enabled'
> & { password?: string };
export type Check = {
  id: 'spf' | 'dkim' | 'dkim_ed25519' | 'dmarc' | 'return_path' | 'tracking';
  status: 'ok' | 'warning' | 'missing' | 'unknown';
  found: string[];
  record_type: string;
  record_name: string;
  record_value: string;
  message: string;
};
export type Domain = {
  name: string;
  selector: string;
  rsa_record: string;
  ed25519_record: string;
  is_signing: boolean;
  is_signing_twice: boolean;
  return_path: string;
  tracking_host: string;
  is_tracking_ready: boolean;
  checks: Check[];
  checked_at: string | null;
};
export type DomainInput = Pick<Domain, 'is_signing' | 'is_signing_twice' | 'return_path' | 'tracking_host'>;
export type Scope = 'workspace' | 'relay' | 'sender' | 'domain';
export type WarmUp = { starts_on: string; first: number; growth: number; until: number };
export type LimitInput = {
  scope: Scope;
  key: string;
  per_second: number | null;
  per_hour: number | null;
  per_day: number | null;
  warm_up: WarmUp | null;
};
export type Limit = LimitInput & { allowed_today: number | null; used_this_hour: number; used_today: number };
export type Rule = {
  quiet_from: string | null;
  quiet_until: string | null;
  cap_count: number | null;
  cap_days: number | null;
  cap_skips: boolean;
};

const list = <T>(name: string, path: string) =>
  queryOptions({ queryKey: ['senders', name], queryFn: ({ signal }) => api.get<Page<T>>(path, { signal }) });

export const sendersQuery = list<Sender>('senders', '/senders');
export const serversQuery = list<Server>('servers', '/relays');
export const domainsQuery = list<Domain>('domains', '/sending-domains');
export const limitsQuery = list<Limit>('limits', '/sending-limits');
export const ruleQuery = queryOptions({
  queryKey: ['senders', 'rule'],
  queryFn: ({ signal }) => api.get<Rule>('/sending-rules', { signal }),
});

function useChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['senders'] }),
        client.invalidateQueries({ queryKey: ['settings', 'sender'] }),
      ]),
  });
}

export const useSaveSender = () =>
  useChange(({ id, ...body }: SenderInput & { id?: number }) =>
    id === undefined ? api.post<Sender>('/senders', body) : api.patch<Sender>(`/senders/${id}`, body),
  );
export const useMakeDefault = () =>
  useChange((id: number) => api.patch<Sender>(`/senders/${id}`, { is_default: true }));
export const useDeleteSender = () => useChange((id: number) => api.delete(`/senders/${id}`));

export const useSaveServer = () =>
  useChange(({ id, ...body }: ServerInput & { id?: number }) =>
    id === undefined ? api.post<Server>('/relays', body) : api.patch<Server>(`/relays/${id}`, body),
  );
export const useDeleteServer = () => useChange((id: number) => api.delete(`/relays/${id}`));
export const useTestServer = (id: number) =>
  useMutation({
    mutationFn: (body: { from_email: string; to_email: string }) =>
      api.post<{ code: number; reply: string }>(`/relays/${id}/test`, body),
  });

const domainPath = (name: string) => `/sending-domains/${encodeURIComponent(name)}`;
export const useAddDomain = () => useChange((name: string) => api.post<Domain>('/sending-domains', { name }));
export const useSaveDomain = () =>
  useChange(({ name, ...body }: DomainInput & { name: string }) => api.put<Domain>(domainPath(name), body));
export const useCheckDomain = () => useChange((name: string) => api.post<Domain>(`${domainPath(name)}/check`));
export const useDeleteDomain = () => useChange((name: string) => api.delete(domainPath(name)));

export const useSaveLimit = () => useChange((body: LimitInput) => api.put<Limit>('/sending-limits', body));
export const useSaveRule = () => useChange((body: Rule) => api.put<Rule>('/sending-rules', body));
