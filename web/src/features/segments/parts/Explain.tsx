/** Why one contact is in or out: every condition with the value it was compared to. */
import { Badge, Card, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { formatMoment } from '@/lib/format';
import { type Contact, nameOf } from '@/pickers/api';
import type { ConditionNode } from '@/pickers/ConditionBuilder';
import { ContactPicker } from '@/pickers/ContactPicker';
import { WhyTree } from '@/pickers/conditions/WhyTree';
import { explainQuery } from '../api';

export function Explain({ condition }: { condition: ConditionNode }) {
  const { t } = useTranslation('segments');
  const [contact, setContact] = useState<Contact | null>(null);
  const query = useQuery(explainQuery(condition, contact?.id ?? null));
  const { data } = query;
  return (
    <Card padding="md" component="section" aria-label={t('explain.title')}>
      <Text size="sm" fw={600} mb={6}>
        {t('explain.title')}
      </Text>
      <ContactPicker
        aria-label={t('explain.choose')}
        placeholder={t('explain.choose')}
        value={contact}
        onChange={setContact}
      />
      {query.isError && (
        <Text size="sm" c="var(--mantine-color-error)" mt="sm" role="alert">
          {messageOf(query.error)}
        </Text>
      )}
      {contact && query.isFetching && !data && <Loader size="xs" mt="sm" />}
      {contact && data && (
        <div role="status">
          <Badge mt="sm" mb={6} color={data.holds ? 'teal' : 'gray'}>
            {t(data.holds ? 'explain.in' : 'explain.out', { name: nameOf(contact) })}
          </Badge>
          <WhyTree node={data.tree} />
          {data.changes_at && (
            <Text size="xs" c="dimmed" mt="xs">
              {t('explain.changes', { when: formatMoment(data.changes_at) })}
            </Text>
          )}
        </div>
      )}
    </Card>
  );
}
