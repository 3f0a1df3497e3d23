/** Why one contact is in or out: every condition with the value it was compared to. */
import { Badge, Card, Loader, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { formatMoment } from '@/lib/format';
import { type Contact, nameOf, registryQuery } from '@/pickers/api';
import type { ConditionNode } from '@/pickers/ConditionBuilder';
import { ContactPicker } from '@/pickers/ContactPicker';
import { fromDocument } from '@/pickers/conditions/tree';
import { useSpeech } from '@/pickers/conditions/use-speech';
import { type Explained, explainQuery } from '../api';
import { showCompared } from '../model';
import classes from '../segments.module.css';

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
          <Part node={data.tree} condition={condition} />
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

function Part({ node, condition }: { node: Explained; condition: ConditionNode }) {
  const { t } = useTranslation('segments');
  const { data: registry } = useQuery(registryQuery);
  const say = useSpeech(registry, fromDocument(condition));
  const { conditions, match = 'all', segment_name } = node;
  if (!conditions) {
    const leaf = { type: node.type ?? '', params: node.params ?? {} };
    return (
      <LeafLine
        node={node}
        words={say(leaf)
          .map((word) => word.text)
          .join('')}
      />
    );
  }
  return (
    <div>
      {segment_name && (
        <Text size="sm" lh={1.4}>
          {t('explain.segment', { name: segment_name })}
        </Text>
      )}
      {(conditions.length > 1 || match === 'none' || match === 'not') && (
        <Text size="xs" c="dimmed">
          {t(`explain.${match === 'not' ? 'none' : match}`)}
        </Text>
      )}
      <ul className={classes.why} data-match={match}>
        {conditions.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
          <li key={index}>
            <Part node={part} condition={condition} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function LeafLine({ node, words }: { node: Explained; words: string }) {
  const { t } = useTranslation('segments');
  const Icon = node.holds ? IconCheck : IconX;
  return (
    <div className={classes.reason}>
      <Icon
        size={15}
        stroke={2.2}
        role="img"
        aria-label={node.holds ? t('explain.yes') : t('explain.no')}
        data-holds={node.holds || undefined}
      />
      <div>
        <Text size="sm" lh={1.4}>
          {words}
        </Text>
        <Text size="xs" c="dimmed">
          {t('explain.value', { value: showCompared(node.value) || t('explain.nothing') })}
        </Text>
      </div>
    </div>
  );
}
