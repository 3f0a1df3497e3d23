/** The lower half of the start page: automations and the newest facts. */
import { Badge, Box, Card, Group, Stack, Table, Text, ThemeIcon, Title } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatNumber } from '@/lib/format';
import { factLook } from '@/ui/fact-looks';
import { LinkAnchor, LinkButton } from '@/ui/links';
import { EmptyView } from '@/ui/States';
import type { AutomationState, RecentFact } from '../api';

const colors = { draft: 'gray', active: 'teal', paused: 'orange' } as const;

export function Automations({ items }: { items: AutomationState[] }) {
  const { t } = useTranslation('dashboard');
  return (
    <Card h="100%" padding={0}>
      <Group justify="space-between" px="lg" pt="md" pb="xs">
        <Title order={2} size="h3">
          {t('automations.title')}
        </Title>
        {items.length > 0 && (
          <LinkAnchor to="/automations" size="sm">
            {t('automations.all')}
          </LinkAnchor>
        )}
      </Group>
      {items.length === 0 ? (
        <EmptyView
          icon={<IconBolt size={26} stroke={1.6} />}
          title={t('automations.none')}
          description={t('automations.noneText')}
          height={220}
          actions={
            <LinkButton variant="default" to="/automations">
              {t('automations.make')}
            </LinkButton>
          }
        />
      ) : (
        <Box style={{ overflowX: 'auto' }}>
          <Table horizontalSpacing="lg" verticalSpacing={10}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('automations.name')}</Table.Th>
                <Table.Th>{t('automations.status')}</Table.Th>
                <Table.Th ta="right">{t('automations.active')}</Table.Th>
                <Table.Th ta="right">{t('automations.completed')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((item) => (
                <Table.Tr key={item.id}>
                  <Table.Td>
                    <LinkAnchor
                      to="/automations/$id"
                      params={{ id: String(item.id) }}
                      size="sm"
                      fw={550}
                      c="var(--mantine-color-text)"
                    >
                      {item.name}
                    </LinkAnchor>
                  </Table.Td>
                  <Table.Td>
                    <Badge color={colors[item.status]}>{t(`automations.states.${item.status}`)}</Badge>
                  </Table.Td>
                  <Table.Td ta="right" className="num">
                    {formatNumber(item.active_count)}
                  </Table.Td>
                  <Table.Td ta="right" className="num">
                    {formatNumber(item.completed_count)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Box>
      )}
    </Card>
  );
}

export function Recent({ facts }: { facts: RecentFact[] }) {
  const { t } = useTranslation('dashboard');
  return (
    <Card h="100%">
      <Title order={2} size="h3" mb="sm">
        {t('recent.title')}
      </Title>
      {facts.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('recent.none')}
        </Text>
      )}
      <Stack gap={12} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {facts.slice(0, 8).map((fact) => {
          const look = factLook(fact.kind);
          return (
            <Group key={fact.id} gap="sm" wrap="nowrap" align="flex-start" component="li">
              <ThemeIcon variant="light" color={look.color} size={30} aria-hidden>
                <look.icon size={16} stroke={1.8} />
              </ThemeIcon>
              <Box flex={1} miw={0}>
                <LinkAnchor
                  to="/contacts/$id"
                  params={{ id: String(fact.contact_id) }}
                  size="sm"
                  fw={600}
                  lh={1.35}
                  c="var(--mantine-color-text)"
                  truncate
                  display="block"
                >
                  {fact.contact_name}
                </LinkAnchor>
                <Text size="sm" c="dimmed" truncate lh={1.35}>
                  {fact.object_name ? `${fact.label}: ${fact.object_name}` : fact.label}
                </Text>
              </Box>
              <Text size="xs" c="dimmed" className="num" style={{ whiteSpace: 'nowrap' }}>
                {formatAgo(fact.at)}
              </Text>
            </Group>
          );
        })}
      </Stack>
    </Card>
  );
}
