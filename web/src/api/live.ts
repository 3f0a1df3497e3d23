/**
 * Live updates: the server says which part of a workspace changed, and the cached answers about it are asked again.
 * A burst of events asks once: each group of keys is refreshed at most every two seconds.
 */
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

const PAUSE = 2000;

/** Channel of the server → first parts of the query keys it touches. */
const touched: Record<string, QueryKey[]> = {
  facts: [['dashboard'], ['contacts', 'timeline'], ['contacts', 'one']],
  contacts: [['dashboard'], ['contacts', 'timeline'], ['contacts', 'one'], ['contacts', 'list']],
  automations: [['automations'], ['dashboard'], ['contacts', 'automations']],
  delivery: [['mailbox'], ['dashboard'], ['contacts', 'messages']],
  imports: [['imports'], ['contacts', 'list']],
  live: [['dashboard'], ['mailbox'], ['imports']],
};

export function useLive(enabled: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    const waiting = new Set<string>();
    let timer: number | undefined;
    const flush = () => {
      timer = undefined;
      const keys = new Map<string, QueryKey>();
      for (const channel of waiting) for (const key of touched[channel] ?? []) keys.set(key.join('/'), key);
      waiting.clear();
      for (const queryKey of keys.values()) void client.invalidateQueries({ queryKey });
    };
    const source = new EventSource('/api/v1/live');
    const receive = (event: MessageEvent<string>) => {
      const channel = channelOf(event);
      if (!channel || !(channel in touched)) return;
      waiting.add(channel);
      timer ??= window.setTimeout(flush, PAUSE);
    };
    source.onmessage = receive;
    for (const name of ['event', 'change', ...Object.keys(touched)]) source.addEventListener(name, receive);
    return () => {
      source.close();
      window.clearTimeout(timer);
    };
  }, [client, enabled]);
}

function channelOf(event: MessageEvent<string>): string | null {
  try {
    const data = JSON.parse(event.data) as { channel?: unknown };
    return typeof data.channel === 'string' ? data.channel : null;
  } catch {
    return event.type in touched ? event.type : null;
  }
}
