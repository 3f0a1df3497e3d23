/** What names a tag, list, field, message or segment, shown before it is deleted. */
import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { LinkAnchor } from '@/ui/links';

type Usage = { kind: 'automation' | 'message' | 'segment'; id: number; name: string; is_live: boolean };
export type UsedNoun = 'tag' | 'list' | 'field' | 'message' | 'segment' | 'automation';

export const usesQuery = (noun: UsedNoun, id: number) =>
  queryOptions({
    queryKey: ['uses', noun, id],
    queryFn: ({ signal }) => api.get<{ items: Usage[] }>(`/uses/${noun}/${id}`, { signal }),
    staleTime: 0,
  });

const SHOWN = 8;
const paths = { automation: '/automations/$id', message: '/messages/$id', segment: '/segments/$id' } as const;

/** Nothing while nobody uses it. */
export function UsedBy({ noun, id }: { noun: UsedNoun; id: number }) {
  const { t } = useTranslation('pickers');
  const { data } = useQuery(usesQuery(noun, id));
  if (!data || data.items.length === 0) return null;
  const isLive = data.items.some((item) => item.is_live);
  return (
    <Alert
      mt="sm"
      color={isLive ? 'red' : 'orange'}
      icon={<IconAlertTriangle size={16} />}
      title={t(isLive ? 'usedBy.live' : 'usedBy.title')}
    >
      <List size="sm" spacing={2}>
        {data.items.slice(0, SHOWN).map((item) => (
          <List.Item key={`${item.kind}${item.id}`}>
            <LinkAnchor to={paths[item.kind]} params={{ id: String(item.id) }} size="sm" underline="always">
              {item.name}
            </LinkAnchor>{' '}
            <Text size="sm" c="dimmed" component="span">
              {t(`usedBy.${item.kind}`)}
              {item.is_live ? `, ${t('usedBy.running')}` : ''}
            </Text>
          </List.Item>
        ))}
      </List>
      {data.items.length > SHOWN && <Text size="sm">{t('usedBy.more', { count: data.items.length - SHOWN })}</Text>}
    </Alert>
  );
}
