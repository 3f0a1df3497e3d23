/** The cells of a table block. */
import { ActionIcon, Button, Group, Stack, Switch, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type Block, rowsOf } from '../blocks';

const MOST_ROWS = 50;
const MOST_CELLS = 8;

type Props = { block: Block; onChange: (props: Record<string, unknown>, mark?: string) => void };

export function TableForm({ block, onChange }: Props) {
  const { t } = useTranslation('messages');
  const rows = rowsOf(block);
  const width = rows[0]?.length ?? 1;
  const setRows = (next: string[][], mark?: string) => onChange({ ...block.props, rows: next }, mark);
  return (
    <Stack gap="xs">
      <Switch
        label={t('props.has_header')}
        checked={block.props?.has_header !== false}
        onChange={(event) => onChange({ ...block.props, has_header: event.currentTarget.checked })}
      />
      {rows.map((row, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <Group key={number} gap={4} wrap="nowrap">
          {row.map((cell, index) => (
            <TextInput
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
              key={index}
              flex={1}
              miw={0}
              size="xs"
              aria-label={t('cell', { row: number + 1, column: index + 1 })}
              maxLength={500}
              value={cell}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setRows(
                  rows.map((cells, y) => (y === number ? cells.map((old, x) => (x === index ? value : old)) : cells)),
                  `${block.id}/cell`,
                );
              }}
            />
          ))}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('removeRow', { row: number + 1 })}
            disabled={rows.length < 2}
            onClick={() => setRows(rows.filter((_, y) => y !== number))}
          >
            <IconTrash size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Group gap={6}>
        <Button
          variant="default"
          size="compact-xs"
          disabled={rows.length >= MOST_ROWS}
          onClick={() => setRows([...rows, Array.from({ length: width }, () => '')])}
        >
          {t('addRow')}
        </Button>
        <Button
          variant="default"
          size="compact-xs"
          disabled={width >= MOST_CELLS}
          onClick={() => setRows(rows.map((row) => [...row, '']))}
        >
          {t('addColumn')}
        </Button>
        <Button
          variant="default"
          size="compact-xs"
          disabled={width < 2}
          onClick={() => setRows(rows.map((row) => row.slice(0, -1)))}
        >
          {t('removeColumn')}
        </Button>
      </Group>
    </Stack>
  );
}
