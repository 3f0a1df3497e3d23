/** The columns of the contact list. */
import { Avatar, Badge, Box, Group, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { formatDate } from '@/lib/format';
import { type Contact, nameOf } from '@/pickers/api';
import type { Column } from '@/ui/DataTable';
import { standingOf } from '../model';
import { StatusBadge } from './StatusBadge';

export function contactColumns(t: TFunction<'contacts'>): Column<Contact>[] {
  return [
    {
      id: 'contact',
      header: t('list.contact'),
      width: 'minmax(170px, 2.2fr)',
      sort: 'name',
      cell: (contact) => (
        <Group gap={10} wrap="nowrap" miw={0}>
          <Avatar size={30} name={nameOf(contact)} color="initials" aria-hidden />
          <Box miw={0}>
            <Text size="sm" fw={550} truncate lh={1.3}>
              {nameOf(contact)}
            </Text>
            <Text size="xs" c="dimmed" truncate lh={1.3}>
              {contact.email ?? t('list.noEmail')}
            </Text>
          </Box>
        </Group>
      ),
    },
    {
      id: 'status',
      header: t('list.status'),
      width: '118px',
      cell: (contact) => <StatusBadge status={standingOf(contact)} />,
    },
    {
      id: 'tags',
      header: t('list.tags'),
      width: 'minmax(190px, 1.6fr)',
      wide: true,
      cell: (contact) => <Chips names={contact.tags.map((tag) => tag.name)} />,
    },
    {
      id: 'lists',
      header: t('list.lists'),
      width: 'minmax(140px, 1.1fr)',
      wide: true,
      cell: (contact) => <Names names={contact.lists.map((list) => list.name)} />,
    },
    {
      id: 'phone',
      header: t('list.phone'),
      width: 'minmax(120px, 0.8fr)',
      wide: true,
      cell: (contact) => <span className="num">{contact.phone || '–'}</span>,
    },
    {
      id: 'created',
      header: t('list.added'),
      width: '110px',
      wide: true,
      sort: 'created_at',
      cell: (contact) => <span className="num">{formatDate(contact.created_at)}</span>,
    },
  ];
}

/** At most two, then how many more. */
function Chips({ names }: { names: string[] }) {
  if (names.length === 0) return <Nothing />;
  return (
    <Group gap={4} wrap="nowrap">
      {names.slice(0, 2).map((name) => (
        <Badge key={name} variant="default" fw={500} maw={120} style={{ flex: '0 1 auto' }}>
          {name}
        </Badge>
      ))}
      {names.length > 2 && (
        <Text size="xs" c="dimmed" title={names.join(', ')}>
          +{names.length - 2}
        </Text>
      )}
    </Group>
  );
}

function Names({ names }: { names: string[] }) {
  return names.length === 0 ? <Nothing /> : <span title={names.join(', ')}>{names.join(', ')}</span>;
}

function Nothing() {
  return (
    <Text span size="xs" c="dimmed">
      –
    </Text>
  );
}
