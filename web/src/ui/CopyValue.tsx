/** Copies a text, also where the page is not served over HTTPS and browsers keep their clipboard to themselves. */
import { type ReactNode, useEffect, useState } from 'react';
import { copyText } from '@/lib/copy';

const SHOWN_MS = 1500;

export function CopyValue({
  value,
  children,
}: {
  value: string;
  children: (payload: { copied: boolean; copy: () => void }) => ReactNode;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return children({ copied, copy: () => void copyText(value).then(setCopied) });
}
