/** The records of custom objects that belong to a contact, a company or a deal, schema by schema. */
import { Button, Card, Group, Menu, Stack, Text, Title } from '@mantine/core';
import { IconCube, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { LinkAnchor, LinkButton } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import {
  type RecordGroup,
  recordGroupsQuery,
  recordsOfQuery,
  recordTitle,
  type Schema,
  schemasQuery,
  showFieldValue,
  titleField,
} from './api';
import { RecordDialog } from './RecordDialog';
import classes from './records.module.css';

type Props = { namespace: 'contact' | 'company' | 'deal'; id: number };

const pathOf = { contact: '/contacts', company: '/companies', deal: '/deals' } as const;

export function RecordsOf({ namespace, id }: Props) {
  const { t } = useTranslation('pickers');
  const schemas = useQuery(schemasQuery);
  const groups = useQuery(recordGroupsQuery(`${pathOf[namespace]}/${id}`));
  const [added, setAdded] = useState<Schema | null>(null);
  const mayEdit = useMay('editor');
  if (schemas.isPending || groups.isPending) return <LoadingRows count={4} />;
  if (schemas.isError) return <ErrorView error={schemas.error} onRetry={() => void schemas.refetch()} />;
  if (groups.isError) return <ErrorView error={groups.error} onRetry={() => void groups.refetch()} />;
  const known = schemas.data.items;
  const fitting = known.filter((schema) => schema.relationships.some((one) => one.namespace === namespace));
  const linkOf = (schema: Schema) => schema.relationships.find((one) => one.namespace === namespace)?.id ?? '';
  const add = mayEdit && fitting.length > 0 && <AddMenu schemas={fitting} onChoose={setAdded} />;
  return (
    <Stack gap="md">
      {groups.data.items.length === 0 ? (
        <Card padding={0}>
          <EmptyView
            icon={<IconCube size={26} stroke={1.6} />}
            title={t('records.none')}
            description={t(fitting.length > 0 ? 'records.noneText' : `records.noSchema.${namespace}`)}
            actions={add || (fitting.length === 0 && <LinkButton to="/objects">{t('records.toObjects')}</LinkButton>)}
          />
        </Card>
      ) : (
        <>
          {add && <Group justify="flex-end">{add}</Group>}
          {groups.data.items.map((group) => {
            const schema = known.find((one) => one.id === group.schema_id);
            return (
              schema && (
                <OneGroup key={group.schema_id} group={group} schema={schema} owner={{ [`${namespace}_id`]: id }} />
              )
            );
          })}
        </>
      )}
      <RecordDialog schema={added} related={added ? { [linkOf(added)]: [id] } : {}} onClose={() => setAdded(null)} />
    </Stack>
  );
}

function AddMenu({ schemas, onChoose }: { schemas: Schema[]; onChoose: (schema: Schema) => void }) {
  const { t } = useTranslation('pickers');
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" leftSection={<IconPlus size={16} />}>
          {t('records.addAny')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {schemas.map((schema) => (
          <Menu.Item key={schema.id} onClick={() => onChoose(schema)}>
            {schema.singular}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

type GroupProps = { group: RecordGroup; schema: Schema; owner: Record<string, number> };

function OneGroup({ group, schema, owner }: GroupProps) {
  const { t } = useTranslation('pickers');
  const [isOpen, setOpen] = useState(false);
  const query = useInfiniteQuery({ ...recordsOfQuery(schema.id, owner), enabled: isOpen });
  const records = query.data?.pages.flatMap((page) => page.items) ?? group.records;
  const rest = group.count - records.length;
  const title = titleField(schema);
  const told = schema.fields.filter((field) => field !== title);
  return (
    <Card padding={0} component="section" aria-label={schema.plural}>
      <Group justify="space-between" px="md" py="sm">
        <Title order={3} size="h4">
          {schema.plural}
        </Title>
        <Text size="sm" c="dimmed" className="num">
          {group.count}
        </Text>
      </Group>
      <ul className={classes.list}>
        {records.map((record) => (
          <li key={record.id}>
            <LinkAnchor
              to="/objects/$id/records/$record"
              params={{ id: String(schema.id), record: String(record.id) }}
              fw={600}
              size="sm"
            >
              {recordTitle(record, schema)}
            </LinkAnchor>
            <Text size="xs" c="dimmed" truncate>
              {told
                .filter((field) => showFieldValue(record.fields[field.id]) !== '')
                .slice(0, 4)
                .map((field) => `${field.name}: ${showFieldValue(record.fields[field.id])}`)
                .join(' · ')}
            </Text>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Button
          variant="subtle"
          size="xs"
          m="xs"
          loading={query.isFetching}
          onClick={() => (isOpen ? void query.fetchNextPage() : setOpen(true))}
        >
          {t('records.more', { count: rest })}
        </Button>
      )}
    </Card>
  );
}
