/** What the contact agreed to: how things stand now, and everything that was ever said. */
import { Badge, Button, Card, Group, Stack, Text, ThemeIcon, Timeline, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatMoment } from '@/lib/format';
import type { Contact } from '@/pickers/api';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import classes from '../consent.module.css';
import { type Channel, type Consent, consentsQuery, useAskAgain } from '../consent-api';
import { ConsentDialog } from './ConsentDialog';
import { PersonData } from './PersonData';

/** A channel as a whole, or one list. */
export type Subject = { channel: Channel; listId: number | null; name: string; isGiven: boolean };
type Standing = Omit<Subject, 'isGiven'> & { last: Consent | undefined; isUnconfirmed: boolean };

export function ConsentTab({ contact }: { contact: Contact }) {
  const { t } = useTranslation('privacy');
  const query = useQuery(consentsQuery(contact.id));
  const [changed, setChanged] = useState<Subject | null>(null);
  if (query.isPending) return <LoadingRows count={4} />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  const { items, standing } = query.data;
  const lastOf = (channel: Channel, listId: number | null) =>
    standing.find((row) => row.channel === channel && row.list_id === listId);
  const rows: Standing[] = [
    ...(['email', 'sms'] as const).map((channel) => ({
      channel,
      listId: null,
      name: t(`consent.${channel}`),
      last: lastOf(channel, null),
      isUnconfirmed: false,
    })),
    ...contact.lists.map((list) => ({
      channel: 'email' as const,
      listId: list.id,
      name: list.name,
      last: lastOf('email', list.id),
      isUnconfirmed: list.status === 'unconfirmed',
    })),
  ];
  return (
    <Stack gap="md">
      <Card padding={0}>
        <ul className={classes.list} aria-label={t('consent.channels')}>
          {rows.map((row) => (
            <StandingRow key={`${row.channel}-${row.listId}`} row={row} contactId={contact.id} onChange={setChanged} />
          ))}
        </ul>
      </Card>
      <Card>
        <Text fw={600} mb="md" component="h2" size="sm">
          {t('consent.history')}
        </Text>
        {items.length === 0 ? (
          <EmptyView
            icon={<IconCheck size={26} stroke={1.6} />}
            title={t('consent.none')}
            description={t('consent.noneText')}
            height={180}
          />
        ) : (
          <Timeline bulletSize={22} lineWidth={2}>
            {items.map((row) => (
              <Said key={row.id} row={row} />
            ))}
          </Timeline>
        )}
      </Card>
      <PersonData contact={contact} />
      {changed && <ConsentDialog contactId={contact.id} subject={changed} onClose={() => setChanged(null)} />}
    </Stack>
  );
}

type RowProps = { row: Standing; contactId: number; onChange: (subject: Subject) => void };

function StandingRow({ row, contactId, onChange }: RowProps) {
  const { t } = useTranslation('privacy');
  const mayEdit = useMay('editor');
  const again = useAskAgain(contactId);
  const isGiven = row.last?.is_given ?? false;
  const ask = () =>
    row.listId !== null &&
    again.mutate(row.listId, { onSuccess: () => toast(t('consent.asked')), onError: toastError });
  const subject = { channel: row.channel, listId: row.listId, name: row.name };
  return (
    <li className={classes.standing}>
      <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
        {row.name}
      </Text>
      <Group gap="xs">
        {row.isUnconfirmed ? (
          <Badge color="yellow">{t('consent.unconfirmed')}</Badge>
        ) : row.last ? (
          <Badge color={isGiven ? 'teal' : 'red'}>{t(isGiven ? 'consent.given' : 'consent.withdrawn')}</Badge>
        ) : (
          <Text size="sm" c="dimmed">
            {t('consent.unknown')}
          </Text>
        )}
        {row.last && (
          <Text size="xs" c="dimmed" className="num">
            {formatMoment(row.last.created_at)}
          </Text>
        )}
      </Group>
      {mayEdit && (
        <Group gap={6} className={classes.buttons}>
          {row.isUnconfirmed && (
            <Button size="compact-sm" variant="default" loading={again.isPending} onClick={ask}>
              {t('consent.again')}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => onChange({ ...subject, isGiven: !isGiven })}>
            {t(isGiven ? 'consent.withdraw' : 'consent.give')}
            <VisuallyHidden> {row.name}</VisuallyHidden>
          </Button>
        </Group>
      )}
    </li>
  );
}

function Said({ row }: { row: Consent }) {
  const { t } = useTranslation('privacy');
  const details = [
    row.text_name && t('consent.version', { name: row.text_name, version: row.text_version }),
    row.source && t('consent.from', { source: row.source }),
    row.reason && t('consent.because', { reason: row.reason }),
    row.ip,
    typeof row.proof.user_agent === 'string' ? row.proof.user_agent : '',
  ].filter(Boolean);
  return (
    <Timeline.Item
      bullet={
        <ThemeIcon size={22} radius="xl" color={row.is_given ? 'teal.8' : 'red.8'}>
          {row.is_given ? <IconCheck size={13} /> : <IconX size={13} />}
        </ThemeIcon>
      }
      title={
        <Text size="sm" fw={550} span>
          {t(row.is_given ? 'consent.given' : 'consent.withdrawn')}: {row.list_name ?? t(`consent.${row.channel}`)}
        </Text>
      }
    >
      <Text size="xs" c="dimmed">
        {formatMoment(row.created_at)}, {t(`consent.by.${row.actor}`)}
      </Text>
      {details.length > 0 && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {details.join(' · ')}
        </Text>
      )}
    </Timeline.Item>
  );
}
