/** The frame of an ordinary page: width, padding and the heading with its actions. */
import { Box, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function Page({ children, width = 1320 }: { children: ReactNode; width?: number }) {
  return (
    <Box px="var(--app-gutter)" py={24} maw={width} mx="auto">
      {children}
    </Box>
  );
}

type HeaderProps = { title: ReactNode; description?: ReactNode; actions?: ReactNode; back?: ReactNode };

export function PageHeader({ title, description, actions, back }: HeaderProps) {
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="md" wrap="wrap">
      <Box miw={0}>
        {back}
        <Title order={1}>{title}</Title>
        {description && (
          <Text c="dimmed" size="md" mt={2}>
            {description}
          </Text>
        )}
      </Box>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
