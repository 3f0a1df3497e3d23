/**
 * The one way to call the server: JSON in and out, the session cookie, and the CSRF token on everything that writes.
 * A failure is always an ApiError, or an OfflineError when there was no answer.
 */
import { OfflineError, toApiError } from './problems';

const BASE = '/api/v1';

export type Query = Record<string, string | number | boolean | null | undefined>;
export type Options = { query?: Query; headers?: Record<string, string>; signal?: AbortSignal };

export type Page<T> = { items: T[]; next: string | null; total: number | null };

let csrfToken = '';
let onSignedOut: () => void = () => {};

export function setCsrfToken(token: string) {
  csrfToken = token;
}

/** For the few requests that are not made here, such as uploads with progress. */
export const csrfHeaders = (): Record<string, string> => (csrfToken ? { 'X-CSRF-Token': csrfToken } : {});

/** Called when the server no longer knows the session (401 on anything but the session itself). */
export function setSignedOutHandler(handler: () => void) {
  onSignedOut = handler;
}

export function url(path: string, query: Query = {}): string {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parts.set(key, String(value));
  }
  const text = parts.toString();
  return `${BASE}${path}${text ? `?${text}` : ''}`;
}

async function send<T>(method: string, path: string, body: unknown, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  let response: Response;
  try {
    response = await fetch(url(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal,
      body: isForm ? body : body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new OfflineError();
  }
  if (!response.ok) {
    const error = await toApiError(response);
    if (error.status === 401 && path !== '/session') onSignedOut();
    throw error;
  }
  if (response.status === 204 || response.headers.get('Content-Length') === '0') return undefined as T;
  const type = response.headers.get('Content-Type') ?? '';
  return (type.includes('json') ? await response.json() : await response.text()) as T;
}

export const api = {
  get: <T>(path: string, options?: Options) => send<T>('GET', path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: Options) => send<T>('POST', path, body, options),
  put: <T>(path: string, body: unknown, options?: Options) => send<T>('PUT', path, body, options),
  patch: <T>(path: string, body: unknown, options?: Options) => send<T>('PATCH', path, body, options),
  delete: <T = void>(path: string, options?: Options) => send<T>('DELETE', path, undefined, options),
};
