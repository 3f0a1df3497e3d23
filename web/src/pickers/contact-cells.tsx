/** How contacts look in tables, wherever they stand. */
import { Avatar, Badge, Box, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Contact, nameOf } from './api';

export function ContactCell({ contact }: { contact: Pick<Contact, 'id' | 'email' | 'first_name' | 'last_name'> }) {
  const { t } = useTranslation('pickers');
  return (
    <Group gap={10} wrap="nowrap" miw={0}>
      <Avatar size={30} name={nameOf(contact)} color="initials" aria-hidden />
      <Box miw={0}>
        <Text size="sm" fw={550} truncate lh={1.3}>
          {nameOf(contact)}
        </Text>
        <Text size="xs" c="dimmed" truncate lh={1.3}>
          {contact.email ?? t('contact.noEmail')}
        </Text>
      </Box>
    </Group>
  );
}

/** At most two, then how many more. */
export function Chips({ names }: { names: string[] }) {
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

export function Names({ names }: { names: string[] }) {
  return names.length === 0 ? <Nothing /> : <span title={names.join(', ')}>{names.join(', ')}</span>;
}

export function Nothing() {
  return (
    <Text span size="xs" c="dimmed">
      –
    </Text>
  );
}
