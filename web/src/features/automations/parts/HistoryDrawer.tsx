/** The versions of an automation: who published what, how it looked, and a way back. */
import { Badge, Button, Drawer, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '@/lib/format';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import type { AutomationDocument, Step } from '../api';
import { versionQuery, versionsQuery } from '../version-api';
import { ChangeList } from './ChangeList';
import classes from './history.module.css';

type Props = {
  automationId: number;
  opened: boolean;
  onClose: () => void;
  chosen: number | null;
  onChoose: (number: number | null, document?: AutomationDocument) => void;
  onUse: (document: AutomationDocument) => void;
  mayEdit: boolean;
  titleOf: (step: Step) => string;
  detailOf: (step: Step) => string;
  triggerLabel: (type: string) => string;
};

export function HistoryDrawer({ automationId, opened, onClose, chosen, onChoose, ...rest }: Props) {
  const { t } = useTranslation('automations');
  const versions = useQuery({ ...versionsQuery(automationId), enabled: opened, staleTime: 0 });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={t('versions.history')}
      closeButtonProps={{ 'aria-label': t('inspector.close') }}
      position="right"
      size="sm"
      withOverlay={false}
      lockScroll={false}
      trapFocus={false}
    >
      {versions.isPending ? (
        <LoadingRows count={4} />
      ) : versions.isError ? (
        <ErrorView error={versions.error} onRetry={() => void versions.refetch()} />
      ) : versions.data.items.length === 0 ? (
        <EmptyView
          icon={<IconHistory size={26} stroke={1.6} />}
          title={t('versions.none')}
          description={t('versions.noneText')}
        />
      ) : (
        <Stack gap="xs">
          {versions.data.items.map((version, index) => (
            <div key={version.number} className={classes.version} data-chosen={chosen === version.number || undefined}>
              <UnstyledButton
                w="100%"
                aria-expanded={chosen === version.number}
                onClick={() => onChoose(chosen === version.number ? null : version.number)}
              >
                <Group justify="space-between" wrap="nowrap">
                  <Text fw={600} size="sm">
                    {t('versions.number', { number: version.number })}
                  </Text>
                  {index === 0 && <Badge size="sm">{t('versions.current')}</Badge>}
                </Group>
                <Text size="xs" c="dimmed">
                  {[formatMoment(version.created_at), version.published_by_name].filter(Boolean).join(' · ')}
                </Text>
                {version.note && <Text size="sm">{version.note}</Text>}
                {version.inside > 0 && (
                  <Text size="xs" c="dimmed">
                    {t('versions.here', { count: version.inside })}
                  </Text>
                )}
              </UnstyledButton>
              {chosen === version.number && (
                <Chosen automationId={automationId} number={version.number} onChoose={onChoose} {...rest} />
              )}
            </div>
          ))}
        </Stack>
      )}
    </Drawer>
  );
}

type ChosenProps = Omit<Props, 'opened' | 'onClose' | 'chosen'> & { number: number };

/** What came with one version; the canvas shows it meanwhile. */
function Chosen({ automationId, number, onChoose, onUse, mayEdit, ...words }: ChosenProps) {
  const { t } = useTranslation('automations');
  const version = useQuery(versionQuery(automationId, number));
  if (version.isPending) return <LoadingRows count={4} />;
  if (version.isError) return <ErrorView error={version.error} onRetry={() => void version.refetch()} />;
  const { document, changes } = version.data;
  return (
    <Stack gap="sm" mt="sm">
      <ChangeList changes={changes} {...words} />
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => onChoose(number, document)}>
          {t('versions.look')}
        </Button>
        {mayEdit && (
          <Button size="xs" variant="light" onClick={() => onUse(document)}>
            {t('versions.use')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
