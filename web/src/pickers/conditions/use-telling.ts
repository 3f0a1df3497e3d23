/** Conditions as one line of text. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { registryQuery } from '../api';
import { type ConditionNode, fromDocument } from './tree';
import { tellAll, useSpeech } from './use-speech';

export function useTelling(conditions: ConditionNode[]): (condition: ConditionNode) => string {
  const { t } = useTranslation('pickers');
  const { data: registry } = useQuery(registryQuery);
  const known = JSON.stringify(conditions);
  const all = useMemo(() => fromDocument({ match: 'all', conditions: JSON.parse(known) }), [known]);
  const say = useSpeech(registry, all);
  const words = { and: t('told.and'), or: t('told.or'), not: t('told.not') };
  return (condition) => (registry ? tellAll(fromDocument(condition), say, words) : '');
}
