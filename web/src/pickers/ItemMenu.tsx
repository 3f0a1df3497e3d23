/** The menu on a row of a list: what can be done with the thing, and its deletion, which asks first. */
import { ActionIcon, type ActionIconProps, Menu } from '@mantine/core';
import { IconDots, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { DeleteDialog } from './DeleteDialog';
import type { UsedNoun } from './UsedBy';

type Props = {
  noun: UsedNoun;
  id: number;
  label: string;
  /** Menu items above deletion. */
  children: ReactNode;
  deletion: { label: string; title: string; text: string; loading: boolean; run: (done: () => void) => void };
  button?: ActionIconProps;
};

export function ItemMenu({ noun, id, label, children, deletion, button }: Props) {
  const [isAsking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={label} {...button}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {children}
          <Menu.Item color="red.8" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
            {deletion.label}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteDialog
        noun={noun}
        id={isAsking ? id : null}
        title={deletion.title}
        action={deletion.label}
        loading={deletion.loading}
        onClose={close}
        onConfirm={() => deletion.run(close)}
      >
        {deletion.text}
      </DeleteDialog>
    </>
  );
}
