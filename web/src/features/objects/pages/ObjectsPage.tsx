/** Every custom object there is, and making a new one. */
import { Button, Card, Group, Text, Title } from '@mantine/core';
import { IconCube, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatNumber } from '@/lib/format';
import { type Schema, schemasQuery } from '@/pickers/records/api';
import { LinkAnchor } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import classes from '../objects.module.css';
import { SchemaDialog } from '../parts/SchemaDialog';

export function ObjectsPage() {
  const { t } = useTranslation('objects');
  const query = useQuery(schemasQuery);
  const [isAdding, setAdding] = useState(false);
  const mayEdit = useMay('editor');
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  );
  return (
    <Page>
      <PageHeader title={t('title')} description={t('subtitle')} actions={add} />
      {query.isPending ? (
        <LoadingRows count={4} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <Card padding={0}>
          <EmptyView
            icon={<IconCube size={26} stroke={1.6} />}
            title={t('none')}
            description={t('noneText')}
            actions={add}
          />
        </Card>
      ) : (
        <ul className={classes.grid}>
          {query.data.items.map((schema) => (
            <OneSchema key={schema.id} schema={schema} />
          ))}
        </ul>
      )}
      <SchemaDialog opened={isAdding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function OneSchema({ schema }: { schema: Schema }) {
  const { t } = useTranslation('objects');
  return (
    <Card component="li" padding="md">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={2} size="h4">
          <LinkAnchor to="/objects/$id" params={{ id: String(schema.id) }} inherit>
            {schema.plural}
          </LinkAnchor>
        </Title>
        <Text size="sm" c="dimmed" className="num">
          {formatNumber(schema.record_count)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" lineClamp={2}>
        {schema.description || t('fieldCount', { count: schema.fields.length })}
      </Text>
    </Card>
  );
}
