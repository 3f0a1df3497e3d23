/** The menu at the end of a row. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export type Action = { label: string; icon: ReactNode; onClick: () => void; isDangerous?: boolean };

export function RowActions({ name, actions }: { name: string; actions: Action[] }) {
  const { t } = useTranslation('senders');
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={t('more', { name })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ label, icon, onClick, isDangerous }) => (
          <Menu.Item key={label} leftSection={icon} onClick={onClick} color={isDangerous ? 'red' : undefined}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
