/** What is built on the segment. */
import { Badge, Card, Group, Text } from '@mantine/core';
import { IconBolt, IconMail, IconTargetArrow } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LinkAnchor } from '@/ui/links';
import { type Usage, usesQuery } from '../api';

const icons = { automation: IconBolt, message: IconMail, segment: IconTargetArrow } as const;

export function UsedBy({ segmentId }: { segmentId: number }) {
  const { t } = useTranslation('segments');
  const { data } = useQuery(usesQuery(segmentId));
  if (!data) return null;
  return (
    <Card padding="md" component="section" aria-label={t('uses.title')}>
      <Text size="sm" fw={600} mb={6}>
        {t('uses.title')}
      </Text>
      {data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('uses.none')}
        </Text>
      )}
      {data.items.map((item) => (
        <Use key={`${item.kind}-${item.id}`} item={item} />
      ))}
    </Card>
  );
}

function Use({ item }: { item: Usage }) {
  const { t } = useTranslation('segments');
  const Icon = icons[item.kind as keyof typeof icons] ?? IconTargetArrow;
  const look = { size: 'sm', c: 'var(--mantine-color-text)', truncate: true } as const;
  const params = { id: String(item.id) };
  return (
    <Group gap={8} wrap="nowrap" py={3}>
      <Icon size={15} stroke={1.7} aria-hidden style={{ flex: 'none', color: 'var(--app-text-3)' }} />
      {item.kind === 'automation' ? (
        <LinkAnchor to="/automations/$id" params={params} {...look}>
          {item.name}
        </LinkAnchor>
      ) : item.kind === 'message' ? (
        <LinkAnchor to="/messages/$id" params={params} {...look}>
          {item.name}
        </LinkAnchor>
      ) : item.kind === 'segment' ? (
        <LinkAnchor to="/segments/$id" params={params} {...look}>
          {item.name}
        </LinkAnchor>
      ) : (
        <Text size="sm">{item.name}</Text>
      )}
      {item.is_live && (
        <Badge color="teal" ml="auto" style={{ flex: 'none' }}>
          {t('uses.live')}
        </Badge>
      )}
    </Group>
  );
}
