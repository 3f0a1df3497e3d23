/** What forms and figures of this feature share; no React here. */
import { ApiError, messageOf } from '@/api/problems';
import type { Domain, Limit, Scope, Sender, Server } from './api';

/** A failure as messages for the form's fields; what belongs to none stands at `fallback`. */
export function fieldErrors(error: unknown, fallback: string): Record<string, string> {
  return error instanceof ApiError && error.errors.length > 0 ? error.fields : { [fallback]: messageOf(error) };
}

export const isEmail = (text: string) => /^[^@\s<>]+@[^@\s<>]+$/.test(text.trim());

/** "a.com, b.com" as a list. */
export const splitList = (text: string) =>
  text
    .split(/[\s,;]+/)
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean);

export type Health = 'unchecked' | 'ready' | 'attention';

/** How a domain stands by its last check. */
export function healthOf(domain: Domain): Health {
  if (!domain.checked_at) return 'unchecked';
  return domain.checks.every((check) => check.status === 'ok') ? 'ready' : 'attention';
}

/** Whether the breaker keeps mail away from the server now. */
export const isResting = (server: Server, now = Date.now()) =>
  server.open_until !== null && new Date(server.open_until).getTime() > now;

/** The name of what a limit is for; null where it has gone. */
export function nameOf(scope: Scope, key: string, senders: Sender[], servers: Server[]): string | null {
  if (scope === 'relay') return servers.find((server) => String(server.id) === key)?.name ?? null;
  if (scope === 'sender') return senders.find((sender) => String(sender.id) === key)?.from_email ?? null;
  return key;
}

/** The share of today's allowance that is used, in per cent; null without one. */
export function shareOf(limit: Limit): number | null {
  return limit.allowed_today === null ? null : Math.min(100, (limit.used_today / limit.allowed_today) * 100);
}
