/** Handing out everything known of a person, and forgetting them. */
import { Anchor, Button, Card, Group, Loader, Stack, Text } from '@mantine/core';
import { IconDownload, IconEraser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatBytes, formatDate } from '@/lib/format';
import { type Contact, nameOf } from '@/pickers/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast, toastError } from '@/ui/toast';
import { exportsQuery, exportUrl, type PersonExport, useErasePerson, useExportPerson } from '../consent-api';

export function PersonData({ contact }: { contact: Contact }) {
  const { t } = useTranslation('privacy');
  const navigate = useNavigate();
  const exports = useQuery(exportsQuery(contact.id));
  const begin = useExportPerson(contact.id);
  const erase = useErasePerson();
  const [isAsking, setAsking] = useState(false);
  const name = nameOf(contact);
  if (!useMay('admin')) return null;
  const forget = () =>
    erase.mutate(contact.id, {
      onSuccess: () => {
        toast(t('person.erased', { name }));
        void navigate({ to: '/contacts' });
      },
      onError: toastError,
    });
  return (
    <Card>
      <Text fw={600} component="h2" size="sm">
        {t('person.title')}
      </Text>
      <Text size="sm" c="dimmed" mt={2} mb="md">
        {t('person.text')}
      </Text>
      <Stack gap={6} mb={exports.data?.items.length ? 'md' : 0} aria-live="polite">
        {exports.data?.items.map((item) => (
          <ExportLine key={item.id} item={item} contactId={contact.id} />
        ))}
      </Stack>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          loading={begin.isPending}
          onClick={() => begin.mutate(undefined, { onError: toastError })}
        >
          {t('person.export')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconEraser size={16} />}
          onClick={() => setAsking(true)}
          style={{ color: 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))' }}
        >
          {t('person.erase')}
        </Button>
      </Group>
      <ConfirmDialog
        opened={isAsking}
        title={t('person.eraseTitle', { name })}
        action={t('person.erase')}
        loading={erase.isPending}
        onConfirm={forget}
        onClose={() => setAsking(false)}
      >
        {t('person.eraseText')}
      </ConfirmDialog>
    </Card>
  );
}

function ExportLine({ item, contactId }: { item: PersonExport; contactId: number }) {
  const { t } = useTranslation('privacy');
  if (item.state === 'waiting') {
    return (
      <Text size="sm" c="dimmed">
        <Loader size={12} mr={6} aria-hidden /> {t('person.preparing')}
      </Text>
    );
  }
  if (item.state === 'failed') return <Text size="sm">{t('person.failed')}</Text>;
  return (
    <Text size="sm">
      <Anchor href={exportUrl(contactId, item.id)} download>
        {t('person.download', { name: item.filename })}
      </Anchor>{' '}
      <Text span size="sm" c="dimmed">
        {formatBytes(item.size_bytes)}, {t('person.expires', { date: formatDate(item.expires_at) })}
      </Text>
    </Text>
  );
}
