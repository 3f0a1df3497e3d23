/** All automations and what links them, with circles and conflicts said first. */
import { Alert, Card, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconSitemap } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LinkAnchor } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { type MapLink, type MapNode, mapQuery } from '../map-api';
import { MapDrawing } from '../parts/MapDrawing';

const colors = { error: 'red', warning: 'orange', notice: 'blue' } as const;

export function AutomationMapPage() {
  const { t } = useTranslation('automations');
  const map = useQuery(mapQuery);
  return (
    <Page width={1240}>
      <PageHeader
        title={t('map.title')}
        description={t('map.subtitle')}
        actions={<LinkAnchor to="/automations">{t('back')}</LinkAnchor>}
      />
      {map.isPending ? (
        <LoadingRows count={6} />
      ) : map.isError ? (
        <ErrorView error={map.error} onRetry={() => void map.refetch()} />
      ) : map.data.links.length === 0 && map.data.findings.length === 0 ? (
        <Card padding={0}>
          <EmptyView
            icon={<IconSitemap size={26} stroke={1.6} />}
            title={t('map.empty')}
            description={t('map.emptyText')}
          />
        </Card>
      ) : (
        <Stack>
          {map.data.findings.map((finding) => (
            <Alert
              key={finding.message}
              color={colors[finding.severity]}
              icon={finding.severity === 'notice' ? <IconInfoCircle size={18} /> : <IconAlertTriangle size={18} />}
              title={t(`map.severity.${finding.severity}`)}
            >
              {finding.message}
            </Alert>
          ))}
          {map.data.links.length > 0 && <MapDrawing nodes={map.data.nodes} links={map.data.links} />}
          <Links nodes={map.data.nodes} links={map.data.links} />
        </Stack>
      )}
    </Page>
  );
}

/** Every link as a sentence. */
function Links({ nodes, links }: { nodes: MapNode[]; links: MapLink[] }) {
  const { t } = useTranslation('automations');
  const names = new Map(nodes.map((node) => [node.id, node.name]));
  const named = (id: number) => (
    <LinkAnchor to="/automations/$id" params={{ id: String(id) }} size="sm">
      {names.get(id) ?? ''}
    </LinkAnchor>
  );
  return (
    <Stack component="ul" gap={6} m={0} p={0} aria-label={t('map.links')} style={{ listStyle: 'none' }}>
      {links.map((link) => (
        <li key={`${link.from_id}-${link.to_id}-${link.way}-${link.step_id}-${link.what}`}>
          <Text size="sm" component="span">
            {named(link.from_id)} {t(`map.ways.${link.way}`)} {named(link.to_id)}{' '}
            {link.what !== 'automation' && (
              <Text span size="sm" c="dimmed">
                ({link.what.replaceAll('_', ' ')})
              </Text>
            )}
          </Text>
        </li>
      ))}
    </Stack>
  );
}
