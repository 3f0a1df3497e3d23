/** What names a tag, list, field, message or segment, shown before it is deleted. */
import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { LinkAnchor } from '@/ui/links';

type Usage = { kind: string; id: number; name: string; is_live: boolean };
export type UsedNoun = 'tag' | 'list' | 'field' | 'message' | 'segment' | 'automation' | 'image';

export const usesQuery = (noun: UsedNoun, id: number) =>
  queryOptions({
    queryKey: ['uses', noun, id],
    queryFn: ({ signal }) => api.get<{ items: Usage[] }>(`/uses/${noun}/${id}`, { signal }),
    staleTime: 0,
  });

const SHOWN = 8;
const paths = { automation: '/automations/$id', message: '/messages/$id', segment: '/segments/$id' } as const;
const kinds = ['automation', 'message', 'segment', 'export', 'list', 'campaign', 'form', 'saved_row', 'brand'] as const;

/** The server refuses to delete these while anything names them, running or not. */
const kept: readonly UsedNoun[] = ['tag', 'list', 'field', 'segment', 'image'];

export function useIsKept(noun: UsedNoun, id: number | null) {
  const { data } = useQuery({ ...usesQuery(noun, id ?? 0), enabled: id !== null });
  return data?.items.some((item) => item.is_live || kept.includes(noun)) ?? false;
}

/** Nothing while nobody uses it. */
export function UsedBy({ noun, id }: { noun: UsedNoun; id: number }) {
  const { t } = useTranslation('pickers');
  const { data } = useQuery(usesQuery(noun, id));
  if (!data || data.items.length === 0) return null;
  const isLive = data.items.some((item) => item.is_live);
  const title = kept.includes(noun) ? 'usedBy.kept' : isLive ? 'usedBy.live' : 'usedBy.title';
  return (
    <Alert
      mt="sm"
      color={isLive ? 'red' : 'orange'}
      icon={<IconAlertTriangle size={16} />}
      title={t(title)}
      aria-live="polite"
    >
      <List size="sm" spacing={2}>
        {data.items.slice(0, SHOWN).map((item) => (
          <List.Item key={`${item.kind}${item.id}`}>
            <Named item={item} />
          </List.Item>
        ))}
      </List>
      {data.items.length > SHOWN && <Text size="sm">{t('usedBy.more', { count: data.items.length - SHOWN })}</Text>}
    </Alert>
  );
}

function Named({ item }: { item: Usage }) {
  const { t } = useTranslation('pickers');
  const known = kinds.find((one) => one === item.kind);
  const look = { size: 'sm', underline: 'always' } as const;
  const { kind } = item;
  return (
    <>
      {kind === 'automation' || kind === 'message' || kind === 'segment' ? (
        <LinkAnchor to={paths[kind]} params={{ id: String(item.id) }} {...look}>
          {item.name}
        </LinkAnchor>
      ) : kind === 'export' || kind === 'list' ? (
        <LinkAnchor to={kind === 'list' ? '/contacts/lists' : '/exports'} {...look}>
          {item.name}
        </LinkAnchor>
      ) : (
        item.name
      )}{' '}
      <Text size="sm" c="dimmed" component="span">
        {known ? t(`usedBy.${known}`) : kind}
        {item.is_live ? `, ${t('usedBy.running')}` : ''}
      </Text>
    </>
  );
}
