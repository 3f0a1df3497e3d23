/** One message as a chosen contact gets it. */
import { Box, Card, Group, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '@/pickers/api';
import { ContactPicker } from '@/pickers/ContactPicker';
import { LinkAction } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type Message, messageQuery, previewQuery } from '../api';
import classes from '../messages.module.css';

export function MessagePage() {
  const { id } = useParams({ from: '/_app/messages/$id' });
  const query = useQuery(messageQuery(Number(id)));
  if (query.isPending) {
    return (
      <Page>
        <LoadingRows />
      </Page>
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  return <Shown message={query.data} />;
}

function Shown({ message }: { message: Message }) {
  const { t } = useTranslation('messages');
  const [contact, setContact] = useState<Contact | null>(null);
  const preview = useQuery(previewQuery(message, contact?.id ?? null));
  return (
    <Page width={960}>
      <PageHeader
        title={
          <Group gap="xs">
            <LinkAction to="/messages" aria-label={t('back')}>
              <IconArrowLeft size={18} />
            </LinkAction>
            {message.name}
          </Group>
        }
        actions={
          <Box w={240}>
            <ContactPicker
              aria-label={t('previewAs')}
              placeholder={t('previewAs')}
              value={contact}
              onChange={setContact}
            />
          </Box>
        }
      />
      <Card padding={0}>
        <Box px="md" py="sm">
          <Text size="xs" c="dimmed">
            {t('columns.subject')}
          </Text>
          <Text fw={600}>{preview.data?.subject ?? message.subject}</Text>
        </Box>
        {preview.isPending && <LoadingRows />}
        {preview.isError && <ErrorView error={preview.error} onRetry={() => void preview.refetch()} />}
        {preview.data && (
          <iframe className={classes.frame} title={t('preview')} sandbox="" srcDoc={preview.data.html} />
        )}
      </Card>
    </Page>
  );
}
