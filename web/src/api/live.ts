/**
 * Live updates: the server says which parts of the workspace have news, and the cached answers about them are asked
 * again. A burst of events asks once: everything is refreshed at most every two seconds.
 */
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

const PAUSE = 2000;

/** Channel of the server → first parts of the query keys it touches. */
const touched: Record<string, QueryKey[]> = {
  facts: [
    ['dashboard'],
    ['contacts', 'one'],
    ['contacts', 'timeline'],
    ['contacts', 'messages'],
    ['contacts', 'automations'],
  ],
  automations: [['automations'], ['dashboard'], ['contacts', 'automations']],
  delivery: [['mailbox'], ['campaigns'], ['dashboard'], ['contacts', 'messages']],
  live: [['mailbox'], ['campaigns'], ['imports'], ['contacts', 'list'], ['dashboard'], ['deals'], ['scores']],
};

export function useLive(isEnabled: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!isEnabled) return;
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
    source.onmessage = (event: MessageEvent<string>) => {
      for (const channel of channelsOf(event.data)) waiting.add(channel);
      if (waiting.size > 0) timer ??= window.setTimeout(flush, PAUSE);
    };
    return () => {
      source.close();
      window.clearTimeout(timer);
    };
  }, [client, isEnabled]);
}

export function channelsOf(text: string): string[] {
  try {
    const data = JSON.parse(text) as { channels?: unknown };
    return Array.isArray(data.channels) ? data.channels.filter((name) => name in touched) : [];
  } catch {
    return [];
  }
}
