/** The kinds of blocks: drag one to its place, or press it to add it behind the chosen block. */
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { ActionIcon, Menu, SimpleGrid, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type BlockType, blockTypes } from '../blocks';
import { blockIcons } from '../looks';
import classes from '../messages.module.css';

export function BlockPalette({ onAdd }: { onAdd: (type: BlockType) => void }) {
  const { t } = useTranslation('messages');
  return (
    <div>
      <Text fw={600} size="sm">
        {t('palette')}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {t('paletteHint')}
      </Text>
      <SimpleGrid cols={2} spacing={6}>
        {blockTypes.map((type) => (
          <Tile key={type} type={type} onAdd={onAdd} />
        ))}
      </SimpleGrid>
    </div>
  );
}

function Tile({ type, onAdd }: { type: BlockType; onAdd: (type: BlockType) => void }) {
  const { t } = useTranslation('messages');
  const ref = useRef<HTMLButtonElement>(null);
  const Icon = blockIcons[type];
  useEffect(() => {
    if (!ref.current) return;
    return draggable({ element: ref.current, getInitialData: () => ({ kind: 'new', type }) });
  }, [type]);
  return (
    <button ref={ref} type="button" className={classes.tile} data-testid={`new-${type}`} onClick={() => onAdd(type)}>
      <Icon size={16} stroke={1.7} aria-hidden />
      {t(`blocks.${type}`)}
    </button>
  );
}

/** The same in a menu, where there is no room for a palette. */
export function AddBlock({ onAdd }: { onAdd: (type: BlockType) => void }) {
  const { t } = useTranslation('messages');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={34} aria-label={t('addBlock')}>
          <IconPlus size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {blockTypes.map((type) => {
          const Icon = blockIcons[type];
          return (
            <Menu.Item key={type} leftSection={<Icon size={16} aria-hidden />} onClick={() => onAdd(type)}>
              {t(`blocks.${type}`)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
