/** Contacts whom a step failed for: why, and what to do with them. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { standingQuery, useFreeParked } from '../api';

type Props = { automationId: number; stepId: string; count: number; mayEdit: boolean };

export function Parked({ automationId, stepId, count, mayEdit }: Props) {
  const { t } = useTranslation('automations');
  const { data } = useInfiniteQuery(standingQuery(automationId, stepId));
  const retry = useFreeParked(automationId, 'retry');
  const skip = useFreeParked(automationId, 'skip');
  const reasons = [
    ...new Set(data?.pages.flatMap((page) => page.items).flatMap((item) => (item.error ? [item.error] : []))),
  ];
  return (
    <Alert color="orange" icon={<IconAlertTriangle size={18} />} title={t('parked.title', { count })}>
      <Stack gap="xs">
        {reasons.map((reason) => (
          <Text key={reason} size="sm">
            {reason}
          </Text>
        ))}
        {mayEdit && (
          <Group gap="xs">
            <Button size="xs" loading={retry.isPending} onClick={() => retry.mutate(stepId)}>
              {t('parked.retry')}
            </Button>
            <Button size="xs" variant="default" loading={skip.isPending} onClick={() => skip.mutate(stepId)}>
              {t('parked.skip')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
