/** One automation as an outline: its triggers, its steps with live counts, and the switch. */
import { Badge, Box, Button, Card, Group, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatNumber } from '@/lib/format';
import { registryQuery } from '@/pickers/api';
import { LinkAction } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Automation, automationQuery, type Counts, countsQuery, type Step, useSwitch } from '../api';
import { statusColor } from './AutomationsPage';

export function AutomationPage() {
  const { id } = useParams({ from: '/_app/automations/$id' });
  const query = useQuery(automationQuery(Number(id)));
  if (query.isPending) {
    return (
      <Page>
        <LoadingRows />
      </Page>
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  return <Outline automation={query.data} />;
}

function Outline({ automation }: { automation: Automation }) {
  const { t } = useTranslation('automations');
  const counts = useQuery(countsQuery(automation.id));
  const registry = useQuery(registryQuery);
  const change = useSwitch(automation.id);
  const mayEdit = useMay('editor');
  const isActive = automation.status === 'active';
  const labelOf = (type: string) =>
    registry.data?.steps.find((step) => step.type === type)?.label ??
    registry.data?.triggers.find((trigger) => trigger.type === type)?.label ??
    type;
  return (
    <Page width={880}>
      <PageHeader
        title={
          <Group gap="xs">
            <LinkAction to="/automations" aria-label={t('back')}>
              <IconArrowLeft size={18} />
            </LinkAction>
            {automation.name}
            <Badge color={statusColor[automation.status]}>{t(`status.${automation.status}`)}</Badge>
          </Group>
        }
        actions={
          mayEdit && (
            <Button
              variant={isActive ? 'default' : 'filled'}
              loading={change.isPending}
              onClick={() => change.mutate(isActive ? 'pause' : 'activate', { onError: toastError })}
            >
              {t(isActive ? 'pause' : 'activate')}
            </Button>
          )
        }
      />
      <Card>
        <Text size="sm" c="dimmed" mb={4}>
          {t('starts')}
        </Text>
        {automation.document.triggers.map((trigger) => (
          <Text key={trigger.id} size="sm" fw={550}>
            {labelOf(trigger.type)}
          </Text>
        ))}
        <Text size="sm" c="dimmed" mt="md" mb={4}>
          {t('steps')}
        </Text>
        <Steps steps={automation.document.steps} counts={counts.data} labelOf={labelOf} />
      </Card>
    </Page>
  );
}

type StepsProps = { steps: Step[]; counts: Counts | undefined; labelOf: (type: string) => string };

function Steps({ steps, counts, labelOf }: StepsProps) {
  const { t } = useTranslation('automations');
  return (
    <Box component="ol" m={0} pl={20}>
      {steps.map((step) => {
        const count = counts?.steps[step.id];
        return (
          <Box component="li" key={step.id} py={4}>
            <Group justify="space-between">
              <Text size="sm" fw={550}>
                {labelOf(step.type)}
              </Text>
              {count && (
                <Text size="xs" c="dimmed" className="num">
                  {t('counts', { here: formatNumber(count.here), passed: formatNumber(count.passed) })}
                </Text>
              )}
            </Group>
            {Object.entries(step.arms ?? {}).map(([name, arm]) => (
              <Box key={name} mt={4}>
                <Badge color="grape">{name.replaceAll('_', ' ')}</Badge>
                <Steps steps={arm} counts={counts} labelOf={labelOf} />
              </Box>
            ))}
          </Box>
        );
      })}
    </Box>
  );
}
