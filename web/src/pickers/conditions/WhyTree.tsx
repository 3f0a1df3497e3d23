/** A condition with its answer for one contact: each part with the value it was compared to. */
import { Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { registryQuery } from '../api';
import { showCompared } from './compared';
import classes from './conditions.module.css';
import { fromDocument } from './tree';
import { useSpeech } from './use-speech';

export type Explained = {
  holds: boolean;
  match?: 'all' | 'any' | 'none' | 'not';
  conditions?: Explained[];
  segment_id?: number;
  segment_name?: string;
  type?: string;
  label?: string;
  params?: Record<string, unknown>;
  value?: unknown;
};

const asked = (part: Explained): ConditionDocument =>
  part.conditions
    ? { match: part.match === 'not' ? 'none' : (part.match ?? 'all'), conditions: part.conditions.map(asked) }
    : { type: part.type ?? '', params: part.params ?? {} };

type ConditionDocument = NonNullable<Parameters<typeof fromDocument>[0]>;

export function WhyTree({ node }: { node: Explained }) {
  const { data: registry } = useQuery(registryQuery);
  const say = useSpeech(
    registry,
    useMemo(() => fromDocument(asked(node)), [node]),
  );
  const words = (leaf: Explained) =>
    say({ type: leaf.type ?? '', params: leaf.params ?? {} })
      .map((word) => word.text)
      .join('');
  return <Part node={node} words={words} />;
}

function Part({ node, words }: { node: Explained; words: (leaf: Explained) => string }) {
  const { t } = useTranslation('pickers');
  const { conditions, match = 'all', segment_name } = node;
  if (!conditions) return <LeafLine node={node} words={words(node)} />;
  return (
    <div>
      {segment_name && (
        <Text size="sm" lh={1.4}>
          {t('why.segment', { name: segment_name })}
        </Text>
      )}
      {(conditions.length > 1 || match === 'none' || match === 'not') && (
        <Text size="xs" c="dimmed">
          {t(`why.${match === 'not' ? 'none' : match}`)}
        </Text>
      )}
      <ul className={classes.why} data-match={match}>
        {conditions.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
          <li key={index}>
            <Part node={part} words={words} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function LeafLine({ node, words }: { node: Explained; words: string }) {
  const { t } = useTranslation('pickers');
  return (
    <Answer holds={node.holds}>
      <Text size="sm" lh={1.4}>
        {words}
      </Text>
      <Text size="xs" c="dimmed">
        {t('why.value', { value: showCompared(node.value) || t('why.nothing') })}
      </Text>
    </Answer>
  );
}

/** A line behind a tick or a cross. */
export function Answer({ holds, children }: { holds: boolean; children: React.ReactNode }) {
  const { t } = useTranslation('pickers');
  const Icon = holds ? IconCheck : IconX;
  return (
    <div className={classes.reason}>
      <Icon
        size={15}
        stroke={2.2}
        role="img"
        aria-label={holds ? t('why.yes') : t('why.no')}
        data-holds={holds || undefined}
      />
      <div>{children}</div>
    </div>
  );
}
