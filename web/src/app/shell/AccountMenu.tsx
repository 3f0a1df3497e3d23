import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout, IconSettings } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { signOut, useSession } from '@/api/session';
import { toastError } from '@/ui/toast';

export function AccountMenu() {
  const { t } = useTranslation('app');
  const { user } = useSession();
  const navigate = useNavigate();
  const leave = async () => {
    try {
      await signOut();
      // Loading the page anew leaves nothing of the old session in memory.
      window.location.assign('/sign-in');
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Menu width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={t('account.menu')} style={{ borderRadius: 999 }}>
          <Avatar size={30} color="brand" name={user.name || user.email} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {t('account.signedInAs')}
          <Text size="sm" fw={550} c="var(--mantine-color-text)" truncate>
            {user.email}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconSettings size={16} />}
          onClick={() => void navigate({ to: '/settings/$section', params: { section: 'workspace' } })}
        >
          {t('account.settings')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          {t('account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
