/** The message as the server renders it, for a chosen contact, on a desk or a phone. */
import { Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type Content, previewQuery } from '../api';
import classes from '../messages.module.css';

type Props = { content: Content; contactId: number | null; isPhone: boolean };

export function Stage({ content, contactId, isPhone }: Props) {
  const { t } = useTranslation('messages');
  const [shown] = useDebouncedValue(content, 150);
  const { subject, preheader, document } = shown;
  const preview = useQuery(previewQuery({ subject, preheader, document }, contactId));
  return (
    <div className={classes.stage}>
      <div className={classes.sheet} data-phone={isPhone || undefined}>
        <div className={classes.subject}>
          <Text size="xs" c="dimmed">
            {t('subject')}
          </Text>
          <Text fw={600}>{preview.data?.subject || '–'}</Text>
        </div>
        <div className={classes.paper}>
          {preview.isPending && <LoadingRows />}
          {preview.isError && <ErrorView error={preview.error} onRetry={() => void preview.refetch()} />}
          {preview.data && !preview.isError && (
            <iframe className={classes.frame} title={t('preview')} sandbox="" srcDoc={preview.data.html} />
          )}
        </div>
      </div>
    </div>
  );
}
