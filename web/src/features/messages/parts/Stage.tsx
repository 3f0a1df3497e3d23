/** The message as the server renders it, for a chosen contact: on a desk, on a phone, or in the dark. */
import { Box, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Contact } from '@/pickers/api';
import { ContactPicker } from '@/pickers/ContactPicker';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type Content, previewQuery } from '../api';
import classes from '../messages.module.css';
import { Source } from './Source';

export type Look = 'desktop' | 'phone' | 'dark' | 'source';
type Props = { content: Content; contact: Contact | null; onContact: (contact: Contact | null) => void; look: Look };

// What mail apps do to a white message at night: turn lightness around, and leave pictures as they are.
const DARK =
  '<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}img{filter:invert(1) hue-rotate(180deg)}</style>';

export function Stage({ content, contact, onContact, look }: Props) {
  const { t } = useTranslation('messages');
  const [shown] = useDebouncedValue(content, 150);
  const { subject, preheader, document } = shown;
  const preview = useQuery(previewQuery({ subject, preheader, document }, contact?.id ?? null));
  return (
    <div className={classes.stage}>
      <div className={classes.sheet} data-phone={look === 'phone' || undefined}>
        <Box w="100%" maw={320}>
          <ContactPicker
            aria-label={t('previewAs')}
            placeholder={t('previewAs')}
            value={contact}
            onChange={onContact}
          />
        </Box>
        <div className={classes.subject}>
          <Text size="xs" c="dimmed">
            {t('subject')}
          </Text>
          <Text fw={600}>{preview.data?.subject || t('subjectEmpty')}</Text>
        </div>
        {look === 'dark' && (
          <Text size="xs" c="dimmed">
            {t('darkHint')}
          </Text>
        )}
        <div className={classes.paper}>
          {preview.isPending && <LoadingRows />}
          {preview.isError && <ErrorView error={preview.error} onRetry={() => void preview.refetch()} />}
          {preview.data && !preview.isError && look === 'source' && <Source preview={preview.data} />}
          {preview.data && !preview.isError && look !== 'source' && (
            <iframe
              className={classes.frame}
              title={t('preview')}
              sandbox=""
              srcDoc={look === 'dark' ? preview.data.html + DARK : preview.data.html}
            />
          )}
        </div>
      </div>
    </div>
  );
}
