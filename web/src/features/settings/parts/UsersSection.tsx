/** Who may sign in, and what they may do. */
import { ActionIcon, Avatar, Box, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useSession } from '@/api/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import { type User, useChangeUser, useRemoveUser, usersQuery } from '../api';
import classes from '../settings.module.css';
import { AddUserDialog } from './AddUserDialog';
import { roles } from './roles';
import { Section } from './Section';

export function UsersSection() {
  const { t } = useTranslation('settings');
  const query = useQuery(usersQuery);
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<User | null>(null);
  const remove = useRemoveUser();
  const mayChange = useMay('admin');
  return (
    <>
      <Section
        title={t('users.title')}
        text={t('users.text')}
        query={query}
        action={
          mayChange && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {t('users.add')}
            </Button>
          )
        }
      >
        {({ items }) => (
          <Stack gap={0} component="ul" className={classes.rows}>
            {items.map((user) => (
              <UserRow key={user.id} user={user} mayChange={mayChange} onRemove={() => setRemoved(user)} />
            ))}
          </Stack>
        )}
      </Section>
      {isAdding && <AddUserDialog onClose={() => setAdding(false)} />}
      <ConfirmDialog
        opened={removed !== null}
        title={t('users.removeTitle', { name: removed?.name || removed?.email })}
        action={t('users.remove')}
        loading={remove.isPending}
        onConfirm={() =>
          removed && remove.mutate(removed.id, { onSuccess: () => setRemoved(null), onError: toastError })
        }
        onClose={() => setRemoved(null)}
      >
        {t('users.removeText')}
      </ConfirmDialog>
    </>
  );
}

function UserRow({ user, mayChange, onRemove }: { user: User; mayChange: boolean; onRemove: () => void }) {
  const { t } = useTranslation('settings');
  const { user: self } = useSession();
  const change = useChangeUser();
  const isSelf = self.id === user.id;
  const isOwner = useMay('owner');
  const name = user.name || user.email;
  return (
    <li className={classes.row}>
      <Avatar size={34} name={name} color="initials" aria-hidden />
      <Box flex={1} miw={0}>
        <Text size="sm" fw={550} truncate>
          {name}{' '}
          {isSelf && (
            <Text span c="dimmed" inherit fw={400}>
              {t('users.you')}
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {user.email}
        </Text>
      </Box>
      <Group gap="xs" wrap="nowrap">
        <Select
          w={120}
          size="xs"
          aria-label={t('users.roleOf', { name })}
          allowDeselect={false}
          disabled={!mayChange || isSelf || (user.role === 'owner' && !isOwner)}
          data={roles
            .filter((role) => role !== 'owner' || isOwner || user.role === 'owner')
            .map((role) => ({ value: role, label: t(`roles.${role}`) }))}
          value={user.role}
          onChange={(value) => {
            const role = roles.find((one) => one === value);
            if (role) change.mutate({ id: user.id, role }, { onError: toastError });
          }}
        />
        <ActionIcon aria-label={t('users.removeOne', { name })} disabled={!mayChange || isSelf} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
    </li>
  );
}
