/** Files on their way to the server, with how far each is. */
import { useRef, useState } from 'react';
import { messageOf } from '@/api/problems';
import { type Sending, upload } from '@/api/upload';
import { type ContactFile, useRefreshFiles } from './work-api';

export const MAX_BYTES = 25_000_000;

export type Upload = { key: number; name: string; size: number; share: number; error: string | null };

export function useUploads(contactId: number, tooLarge: string) {
  const refresh = useRefreshFiles(contactId);
  const [uploads, setUploads] = useState<Upload[]>([]);
  const keys = useRef(0);
  const running = useRef(new Map<number, Sending<ContactFile>>());

  const change = (key: number, part: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const forget = (key: number) => {
    running.current.get(key)?.cancel();
    running.current.delete(key);
    setUploads((all) => all.filter((one) => one.key !== key));
  };

  const send = async (file: File) => {
    keys.current += 1;
    const key = keys.current;
    const isTooLarge = file.size > MAX_BYTES;
    const error = isTooLarge ? tooLarge : null;
    setUploads((all) => [...all, { key, name: file.name, size: file.size, share: 0, error }]);
    if (isTooLarge) return;
    const query = { name: file.name };
    const sending = upload<ContactFile>(`/contacts/${contactId}/files`, file, query, (share) => change(key, { share }));
    running.current.set(key, sending);
    try {
      await sending.done;
      await refresh();
      forget(key);
    } catch (failure) {
      if (!(failure instanceof DOMException)) change(key, { error: messageOf(failure) });
    }
  };

  return { uploads, forget, add: (files: Iterable<File>) => void Promise.all([...files].map(send)) };
}
