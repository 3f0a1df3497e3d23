/** What is built on a tag, a list or a field; shown before it is deleted. */
import { Badge, Box, List, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Kind, usesQuery } from '../structure-api';

const kinds = ['automation', 'segment', 'message', 'form'] as const;

export function Uses({ kind, id }: { kind: Kind; id: number }) {
  const { t } = useTranslation('privacy');
  const query = useQuery(usesQuery(kind, id));
  const nameOf = (word: string) => {
    const known = kinds.find((one) => one === word);
    return known ? t(`uses.kinds.${known}`) : word;
  };
  if (query.isError) return null;
  return (
    <Box mt="sm" aria-live="polite">
      {query.isPending ? (
        <Loader size={14} aria-hidden />
      ) : query.data.items.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('uses.none')}
        </Text>
      ) : (
        <>
          <Text size="sm" fw={600}>
            {t('uses.title')}
          </Text>
          <List size="sm">
            {query.data.items.slice(0, 12).map((item) => (
              <List.Item key={`${item.kind}-${item.id}`}>
                {nameOf(item.kind)}: {item.name}{' '}
                {item.is_live && (
                  <Badge size="xs" color="teal">
                    {t('uses.live')}
                  </Badge>
                )}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Box>
  );
}
