/** How much is built on a segment; asked when its row comes into sight. */
import { Text, Tooltip } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatNames } from '@/lib/format';
import { usesQuery } from '../api';

export function UseCount({ segmentId }: { segmentId: number }) {
  const { t } = useTranslation('segments');
  const { ref, entry } = useIntersection({ rootMargin: '100px' });
  const { data } = useQuery({ ...usesQuery(segmentId), enabled: entry?.isIntersecting === true, staleTime: 60_000 });
  const names = data?.items.map((item) => item.name) ?? [];
  return (
    <Tooltip label={formatNames(names)} disabled={names.length === 0} multiline maw={280}>
      <Text ref={ref} component="span" size="sm" c={names.length > 0 ? undefined : 'dimmed'} className="num">
        {names.length > 0 ? t('uses.count', { count: names.length }) : '–'}
      </Text>
    </Tooltip>
  );
}
