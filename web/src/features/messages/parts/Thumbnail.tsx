/** A message as the server renders it, small: the page itself scaled down, in a frame that runs nothing. */
import { useInViewport } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { previewQuery } from '../api';
import type { MessageDocument } from '../blocks';
import classes from '../messages.module.css';

type Props = { document: MessageDocument; subject?: string };

export function Thumbnail({ document, subject = '' }: Props) {
  const { ref, inViewport } = useInViewport();
  const { data } = useQuery({
    ...previewQuery({ subject, preheader: '', document }, null),
    enabled: inViewport,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div ref={ref} className={classes.thumbnail} aria-hidden inert>
      {data && <iframe title=" " sandbox="" srcDoc={data.html} tabIndex={-1} />}
    </div>
  );
}
