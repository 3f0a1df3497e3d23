/** One row a column of the file: its name, some values, and where they go. */
import { Badge, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsQuery } from '@/pickers/api';
import type { ImportColumn, Mapping } from '../api';
import classes from '../imports.module.css';
import {
  choiceOf,
  contactTargets,
  fieldTarget,
  type MappingProblem,
  newFieldTarget,
  newFieldTypes,
  parseNewField,
  SKIP,
  setTarget,
  targetOf,
} from '../model';

type Props = {
  columns: ImportColumn[];
  mapping: Mapping[];
  problems: Map<number, MappingProblem>;
  onChange: (mapping: Mapping[]) => void;
};

export function MappingTable({ columns, mapping, problems, onChange }: Props) {
  const { t } = useTranslation('imports');
  const choices = useChoices();
  return (
    <div className={classes.scroll}>
      <Table horizontalSpacing="md" verticalSpacing={9} className={classes.mapping} aria-label={t('columns.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="28%">{t('columns.column')}</Table.Th>
            <Table.Th>{t('columns.samples')}</Table.Th>
            <Table.Th w={280}>{t('columns.target')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map((column, position) => {
            const target = mapping[position]?.target ?? SKIP;
            const made = parseNewField(target);
            const name = column.header || t('columns.unnamed', { number: column.index + 1 });
            const problem = problems.get(column.index);
            const set = (next: string) => onChange(setTarget(mapping, column.index, next));
            return (
              <Table.Tr key={column.index} data-skipped={target === SKIP || undefined} className={classes.column}>
                <Table.Td style={{ verticalAlign: 'top' }}>
                  <Text size="sm" fw={550} mt={6} style={{ overflowWrap: 'anywhere' }}>
                    {name}
                  </Text>
                </Table.Td>
                <Table.Td style={{ verticalAlign: 'top' }}>
                  <Samples samples={column.samples} />
                </Table.Td>
                <Table.Td style={{ verticalAlign: 'top' }}>
                  <Select
                    aria-label={t('columns.targetOf', { name })}
                    size="sm"
                    data={choices}
                    searchable
                    allowDeselect={false}
                    nothingFoundMessage={t('columns.nothing')}
                    value={choiceOf(target)}
                    error={problem && !made ? t(`problems.${problem}`) : undefined}
                    onChange={(choice) => set(targetOf(String(choice ?? SKIP), column))}
                  />
                  {made && (
                    <TextInput
                      mt={6}
                      size="xs"
                      aria-label={t('columns.newName', { name })}
                      placeholder={t('columns.newNameHint')}
                      value={made.name}
                      error={problem ? t(`problems.${problem}`) : undefined}
                      onChange={(event) => set(newFieldTarget(made.type, event.currentTarget.value))}
                    />
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Samples({ samples }: { samples: string[] }) {
  const { t } = useTranslation('imports');
  const shown = samples.filter((sample) => sample.trim()).slice(0, 3);
  if (shown.length === 0) {
    return (
      <Text size="xs" c="dimmed" mt={8}>
        {t('columns.empty')}
      </Text>
    );
  }
  return (
    <Group gap={4} mt={6}>
      {shown.map((sample) => (
        <Badge key={sample} variant="default" fw={450} maw={190} title={sample}>
          {sample}
        </Badge>
      ))}
    </Group>
  );
}

function useChoices() {
  const { t } = useTranslation('imports');
  const { data } = useQuery(fieldsQuery);
  return useMemo(() => {
    const fields = data?.items ?? [];
    return [
      { value: SKIP, label: t('targets.skip') },
      {
        group: t('targets.contact'),
        items: contactTargets.map((target) => ({ value: target, label: t(`targets.${target}`) })),
      },
      ...(fields.length > 0
        ? [
            {
              group: t('targets.fields'),
              items: fields.map((field) => ({ value: fieldTarget(field), label: field.name })),
            },
          ]
        : []),
      {
        group: t('targets.new'),
        items: newFieldTypes.map((type) => ({ value: newFieldTarget(type, ''), label: t(`targets.new_${type}`) })),
      },
    ];
  }, [data, t]);
}
