/** Mail as the reading pane needs it. */
import type { FullMail } from './api';

export function recipients(rcpt: string | string[]): string {
  return Array.isArray(rcpt) ? rcpt.join(', ') : rcpt;
}

export function headerPairs(headers: FullMail['headers']): [string, string][] {
  if (!Array.isArray(headers)) return Object.entries(headers);
  return headers.map((item) => (Array.isArray(item) ? item : [item.name, item.value]));
}

/** Links of a mail open in a new tab, never inside the pane; its own styles stand above ours. */
export function framed(html: string): string {
  const base = '<base target="_blank"><style>body{margin:0}</style>';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => `${head}${base}`) : `${base}${html}`;
}
