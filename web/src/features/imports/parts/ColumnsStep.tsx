/** Second step: which column is what, and what every imported contact gets besides. */
import { Alert, Box, Button, Card, Group, MultiSelect, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import { formatNumber } from '@/lib/format';
import { fieldsQuery, listsQuery, tagsQuery } from '@/pickers/api';
import { LinkButton } from '@/ui/links';
import { type Import, type ImportOptions, useCheck } from '../api';
import { firstMapping, hasDates, mappingProblems, SKIP } from '../model';
import { MappingTable } from './MappingTable';
import { RulesFields } from './RulesFields';

export function ColumnsStep({ item }: { item: Import }) {
  const { t } = useTranslation('imports');
  const [mapping, setMapping] = useState(() => firstMapping(item.columns, item.mapping));
  const [options, setOptions] = useState<ImportOptions>(item.options);
  const lists = useQuery(listsQuery);
  const tags = useQuery(tagsQuery);
  const fields = useQuery(fieldsQuery);
  const check = useCheck(item.id);
  const problems = mappingProblems(mapping);
  const used = mapping.filter(({ target }) => target !== SKIP).length;
  const asData = (items: { id: number; name: string }[] = []) =>
    items.map(({ id, name }) => ({ value: String(id), label: name }));

  return (
    <Stack gap="md">
      <Card padding={0}>
        <Group justify="space-between" px="md" py="sm" gap="xs">
          <Box>
            <Title order={2} size="h4">
              {t('columns.title')}
            </Title>
            <Text size="sm" c="dimmed">
              {item.format === 'xlsx' || item.format === 'vcard'
                ? t(`formats.${item.format}`)
                : t('columns.about', {
                    name: t(`formats.${item.format}`),
                    encoding: item.encoding,
                    delimiter: item.delimiter === '\t' ? t('columns.tab') : item.delimiter,
                  })}
              {item.row_count_estimate
                ? ` · ${t('columns.rows', { number: formatNumber(item.row_count_estimate) })}`
                : ''}
            </Text>
          </Box>
          <Text size="sm" c="dimmed" className="num" aria-live="polite">
            {t('columns.used', { used, all: mapping.length })}
          </Text>
        </Group>
        <MappingTable columns={item.columns} mapping={mapping} problems={problems} onChange={setMapping} />
      </Card>
      <Card padding="md">
        <Title order={2} size="h4" mb="sm">
          {t('options.title')}
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <MultiSelect
            label={t('options.lists')}
            placeholder={options.list_ids.length ? undefined : t('options.noLists')}
            searchable
            data={asData(lists.data?.items)}
            value={options.list_ids.map(String)}
            onChange={(ids) => setOptions({ ...options, list_ids: ids.map(Number) })}
          />
          <MultiSelect
            label={t('options.tags')}
            placeholder={options.tag_ids.length ? undefined : t('options.noTags')}
            searchable
            data={asData(tags.data?.items)}
            value={options.tag_ids.map(String)}
            onChange={(ids) => setOptions({ ...options, tag_ids: ids.map(Number) })}
          />
          {hasDates(mapping, fields.data?.items ?? []) && (
            <Select
              label={t('options.dates')}
              allowDeselect={false}
              data={[
                { value: 'dmy', label: t('options.dmy') },
                { value: 'mdy', label: t('options.mdy') },
              ]}
              value={options.date_order}
              onChange={(order) => setOptions({ ...options, date_order: order === 'mdy' ? 'mdy' : 'dmy' })}
            />
          )}
        </SimpleGrid>
        <RulesFields options={options} onChange={setOptions} />
      </Card>
      {problems.has(-1) && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} py="xs">
          {t('problems.noEmail')}
        </Alert>
      )}
      {check.isError && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} py="xs" role="alert">
          {check.error instanceof ApiError && check.error.errors.length > 1
            ? check.error.errors.map((problem) => <div key={problem.pointer}>{problem.message}</div>)
            : messageOf(check.error)}
        </Alert>
      )}
      <Group justify="space-between">
        <LinkButton variant="subtle" color="gray" to="/imports/new">
          {t('columns.another')}
        </LinkButton>
        <Button
          disabled={problems.size > 0}
          loading={check.isPending}
          onClick={() => check.mutate({ mapping, options })}
        >
          {t('columns.next')}
        </Button>
      </Group>
    </Stack>
  );
}
