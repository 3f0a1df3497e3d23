/** Sends a file, or a form with one, as the body of a request and tells how far it is; fetch cannot tell that. */
import { csrfHeaders, type Query, url } from './client';
import { OfflineError, toApiError } from './problems';

export type Sending<T> = { done: Promise<T>; cancel: () => void };

export function upload<T>(
  path: string,
  file: File | FormData,
  query: Query,
  onProgress: (share: number) => void,
): Sending<T> {
  const request = new XMLHttpRequest();
  const done = new Promise<T>((resolve, reject) => {
    request.open('POST', url(path, query));
    request.setRequestHeader('Accept', 'application/json');
    if (file instanceof File) request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    for (const [name, value] of Object.entries(csrfHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new OfflineError());
    request.onabort = () => reject(new DOMException('', 'AbortError'));
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as T);
      else void answerOf(request).then(toApiError).then(reject);
    };
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

async function answerOf(request: XMLHttpRequest): Promise<Response> {
  const type = request.getResponseHeader('Content-Type') ?? '';
  return new Response(request.responseText, { status: request.status, headers: { 'Content-Type': type } });
}
