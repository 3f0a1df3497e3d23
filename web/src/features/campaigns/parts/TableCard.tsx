/** A small table in a card, figures at the right. */
import { Card, Group, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function TableCard({ title, heads, children }: { title: string; heads: string[]; children: ReactNode[] }) {
  const { t } = useTranslation('campaigns');
  return (
    <Card padding="lg" style={{ overflowX: 'auto' }}>
      <Group mb="sm">
        <Title order={2} size="h5">
          {title}
        </Title>
      </Group>
      {children.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('report.nothing')}
        </Text>
      ) : (
        <Table aria-label={title} verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              {heads.map((head, place) => (
                <Table.Th key={head} ta={place > 0 ? 'right' : undefined}>
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      )}
    </Card>
  );
}

export function Row({ cells }: { cells: ReactNode[] }) {
  return (
    <Table.Tr>
      {cells.map((cell, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cells of a row keep their places
        <Table.Td key={place} ta={place > 0 ? 'right' : undefined} className={place > 0 ? 'num' : undefined}>
          {cell}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
