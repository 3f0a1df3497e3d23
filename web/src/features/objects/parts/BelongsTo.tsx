/** What a record belongs to, relationship by relationship; contacts, companies and deals are added by search. */
import { ActionIcon, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { CompanyPicker } from '@/pickers/CompanyPicker';
import { ContactPicker } from '@/pickers/ContactPicker';
import { DealPicker } from '@/pickers/deals/DealPicker';
import type { ObjectRecord, Relationship, Schema } from '@/pickers/records/api';
import { LinkAnchor } from '@/ui/links';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Related, relatedQuery, useUpdateRecord } from '../api';
import classes from '../objects.module.css';

export function BelongsTo({ record, schema }: { record: ObjectRecord; schema: Schema }) {
  const { t } = useTranslation('objects');
  const query = useQuery(relatedQuery(record.id));
  return (
    <Card component="section" padding="md" aria-label={t('belongs.title')}>
      <Title order={2} size="h4" mb="xs">
        {t('belongs.title')}
      </Title>
      {query.isPending ? (
        <LoadingRows count={2} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Stack gap="md">
          {schema.relationships.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('relationships.none')}
            </Text>
          )}
          {schema.relationships.map((one) => (
            <OneRelationship
              key={one.id}
              record={record}
              relationship={one}
              items={query.data.items.filter((item) => item.relationship === one.id)}
            />
          ))}
        </Stack>
      )}
    </Card>
  );
}

type Props = { record: ObjectRecord; relationship: Relationship; items: Related[] };

function OneRelationship({ record, relationship, items }: Props) {
  const { t } = useTranslation('objects');
  const update = useUpdateRecord(record.id);
  const mayEdit = useMay('editor');
  const ids = (record.related[relationship.id] ?? []).join();
  const add = (id: number) => update.mutate({ linked: { [relationship.id]: [id] } }, { onError: toastError });
  const remove = (id: number) => update.mutate({ unlinked: { [relationship.id]: [id] } }, { onError: toastError });
  const label = t('belongs.add', { name: relationship.name });
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600}>
        {relationship.name}
      </Text>
      <ul className={classes.rows}>
        {items.map((item) => (
          <li key={item.id}>
            <div className={classes.grow}>
              <Name item={item} />
              <Text size="xs" c="dimmed" truncate>
                {item.detail}
              </Text>
            </div>
            {mayEdit && (
              <ActionIcon
                aria-label={t('belongs.remove', { name: item.name || item.detail })}
                onClick={() => remove(item.id)}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {mayEdit && (
        <Group mt={4}>
          {relationship.namespace === 'contact' && (
            <ContactPicker
              aria-label={label}
              placeholder={label}
              w="100%"
              value={null}
              onChange={(contact) => contact && add(contact.id)}
            />
          )}
          {relationship.namespace === 'company' && (
            <CompanyPicker
              key={ids}
              aria-label={label}
              placeholder={label}
              w="100%"
              value={null}
              onChange={(company) => company && add(company.id)}
            />
          )}
          {relationship.namespace === 'deal' && (
            <DealPicker
              key={ids}
              aria-label={label}
              placeholder={label}
              w="100%"
              value={null}
              onChange={(deal) => deal && add(deal.id)}
            />
          )}
        </Group>
      )}
    </div>
  );
}

function Name({ item }: { item: Related }) {
  const name = item.name || item.detail;
  if (item.namespace === 'contact') {
    return (
      <LinkAnchor to="/contacts/$id" params={{ id: String(item.id) }} size="sm" fw={550}>
        {name}
      </LinkAnchor>
    );
  }
  if (item.namespace === 'company') {
    return (
      <LinkAnchor to="/companies/$id" params={{ id: String(item.id) }} size="sm" fw={550}>
        {name}
      </LinkAnchor>
    );
  }
  if (item.namespace === 'deal') {
    return (
      <LinkAnchor to="/deals/$id" params={{ id: String(item.id) }} size="sm" fw={550}>
        {name}
      </LinkAnchor>
    );
  }
  return (
    <Text size="sm" fw={550} truncate>
      {name}
    </Text>
  );
}
