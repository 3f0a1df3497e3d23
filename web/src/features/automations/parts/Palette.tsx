/** The steps there are, to drag onto a line. */
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { Box, SimpleGrid, Text, ThemeIcon } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { lookOf } from '../model';
import classes from './palette.module.css';

type Props = { palette: { group: string; items: { type: string; label: string }[] }[] };

export function Palette({ palette }: Props) {
  const { t } = useTranslation('automations');
  return (
    <Box p="sm">
      <Text fw={600} size="sm">
        {t('palette')}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {t('paletteHint')}
      </Text>
      {palette.map(({ group, items }) => (
        <Box key={group} mb="sm">
          <Text size="xs" fw={600} c="dimmed" mb={6}>
            {group}
          </Text>
          <SimpleGrid cols={2} spacing={8}>
            {items.map((item) => (
              <Tile key={item.type} {...item} />
            ))}
          </SimpleGrid>
        </Box>
      ))}
    </Box>
  );
}

function Tile({ type, label }: { type: string; label: string }) {
  const ref = useRef<HTMLDivElement>(null);
  const look = lookOf(type);
  useEffect(() => {
    if (!ref.current) return;
    return draggable({ element: ref.current, getInitialData: () => ({ kind: 'new', type }) });
  }, [type]);
  return (
    <div ref={ref} className={classes.tile} data-testid={`new-${type}`}>
      <ThemeIcon variant="light" color={look.color} size={26} radius="md">
        <look.icon size={15} stroke={1.7} />
      </ThemeIcon>
      <span>{label}</span>
    </div>
  );
}
