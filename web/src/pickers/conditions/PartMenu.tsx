/** What can be done with a condition or a group. */
import { ActionIcon, Kbd, Menu } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconBracketsContain,
  IconBracketsOff,
  IconCopy,
  IconDots,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useEditing } from './context';
import { canStep, duplicate, isGroup, type KeyedNode, remove, step, unwrap, wrap } from './tree';

export function PartMenu({ node, isRoot }: { node: KeyedNode; isRoot?: boolean }) {
  const { t } = useTranslation('pickers');
  const { root, change } = useEditing();
  const { key } = node;
  if (isRoot) return null;
  const isEmpty = isGroup(node) && node.parts.length === 0;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon size="sm" aria-label={t(isGroup(node) ? 'condition.groupActions' : 'condition.actions')}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size={15} />}
          rightSection={<Kbd size="xs">Alt ↑</Kbd>}
          disabled={!canStep(root, key, -1)}
          onClick={() => change(step(root, key, -1), key)}
        >
          {t('condition.up')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={15} />}
          rightSection={<Kbd size="xs">Alt ↓</Kbd>}
          disabled={!canStep(root, key, 1)}
          onClick={() => change(step(root, key, 1), key)}
        >
          {t('condition.down')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => change(duplicate(root, key))}>
          {t('condition.duplicate')}
        </Menu.Item>
        <Menu.Item leftSection={<IconBracketsContain size={15} />} onClick={() => change(wrap(root, key, 'any'))}>
          {t('condition.wrap')}
        </Menu.Item>
        {isGroup(node) && !isEmpty && (
          <Menu.Item leftSection={<IconBracketsOff size={15} />} onClick={() => change(unwrap(root, key))}>
            {t('condition.unwrap')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => change(remove(root, key))}>
          {t(isGroup(node) ? 'condition.removeGroup' : 'condition.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
