/** The names of the things facts speak about, by the kind of the fact. */
import { useQuery } from '@tanstack/react-query';
import {
  automationNamesQuery,
  fieldsQuery,
  listsQuery,
  messageNamesQuery,
  type Named,
  segmentNamesQuery,
  tagsQuery,
} from './api';
import { dealFieldsQuery, pipelineNamesQuery, stageNamesQuery } from './deals/api';
import { schemaNamesQuery } from './records/api';
import { scoresQuery } from './scores/api';

type Kind =
  | 'tag'
  | 'list'
  | 'field'
  | 'message'
  | 'automation'
  | 'segment'
  | 'schema'
  | 'pipeline'
  | 'stage'
  | 'deal_field'
  | 'score';

const kinds: [RegExp, Kind][] = [
  [/^tag_/, 'tag'],
  [/^list_/, 'list'],
  [/^field_/, 'field'],
  [/^(message_|link_clicked|unsubscribed)/, 'message'],
  [/^(automation_|step_)/, 'automation'],
  [/^record_/, 'schema'],
  [/^score_/, 'score'],
  [/^deal_stage_/, 'stage'],
  [/^deal_field_/, 'deal_field'],
  [/^deal_(?!note_)/, 'pipeline'],
  [/^segment_/, 'segment'],
];

export function objectKind(fact: string): Kind | null {
  return kinds.find(([pattern]) => pattern.test(fact))?.[1] ?? null;
}

export function useObjectNames(): (fact: string, id: number | null) => string | null {
  const sources: Record<Kind, Named[] | undefined> = {
    tag: useQuery(tagsQuery).data?.items,
    list: useQuery(listsQuery).data?.items,
    field: useQuery(fieldsQuery).data?.items,
    message: useQuery(messageNamesQuery).data?.items,
    automation: useQuery(automationNamesQuery).data?.items,
    score: useQuery(scoresQuery).data?.items,
    pipeline: useQuery(pipelineNamesQuery).data?.items,
    stage: useQuery(stageNamesQuery).data?.items,
    deal_field: useQuery(dealFieldsQuery).data?.items,
    schema: useQuery(schemaNamesQuery).data?.items,
    segment: useQuery(segmentNamesQuery).data?.items,
  };
  return (fact, id) => {
    const kind = objectKind(fact);
    if (!kind || id === null) return null;
    return sources[kind]?.find((item) => item.id === id)?.name ?? null;
  };
}
