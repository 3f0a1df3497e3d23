/** The way one run took: its steps with their times and outcomes, and where it stands now. */
import { Badge, Text, ThemeIcon, Timeline } from '@mantine/core';
import { IconCheck, IconFlag, IconHourglass } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '@/lib/format';
import { registryQuery } from '@/pickers/api';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type ContactAutomation, runPathQuery, stepTypesQuery } from '../api';

const outcomes = ['yes', 'no', 'a', 'b', 'met', 'timed_out'] as const;

export function RunPath({ run }: { run: ContactAutomation }) {
  const { t } = useTranslation('contacts');
  const path = useQuery(runPathQuery(run.id));
  const { data: registry } = useQuery(registryQuery);
  const { data: types } = useQuery(stepTypesQuery(run.automation_id));
  if (path.isPending) return <LoadingRows count={3} />;
  if (path.isError) return <ErrorView error={path.error} onRetry={() => void path.refetch()} height={160} />;
  const labels = new Map(registry?.steps.map((step) => [step.type, step.label]));
  const labelOf = (type: string | undefined) => (type ? (labels.get(type) ?? type) : t('automations.someStep'));
  const outcomeOf = (outcome: string) => {
    const known = outcomes.find((item) => item === outcome);
    return known ? t(`automations.outcomes.${known}`) : outcome;
  };
  const label = t('automations.pathOf', { name: run.automation_name });
  return (
    <Timeline bulletSize={22} lineWidth={2} py="xs" px="sm" role="list" aria-label={label}>
      <Item icon={<IconFlag size={12} />} title={t('automations.enteredIt')} at={run.entered_at} />
      {path.data.items.map((step, index) => (
        <Item
          // biome-ignore lint/suspicious/noArrayIndexKey: the past does not change its order
          key={index}
          icon={<IconCheck size={12} />}
          title={labelOf(step.type)}
          outcome={step.outcome ? outcomeOf(step.outcome) : undefined}
          at={step.at}
        />
      ))}
      {run.finished_at ? (
        <Item icon={<IconFlag size={12} />} title={t('automations.finished')} at={run.finished_at} />
      ) : (
        <Item
          icon={<IconHourglass size={12} />}
          title={t('automations.nowAt', { step: labelOf(types?.get(run.step_id ?? '')) })}
          text={run.due_at ? t('automations.nextAt', { when: formatMoment(run.due_at) }) : undefined}
        />
      )}
    </Timeline>
  );
}

type ItemProps = { icon: React.ReactNode; title: string; outcome?: string; at?: string; text?: string };

function Item({ icon, title, outcome, at, text }: ItemProps) {
  return (
    <Timeline.Item
      role="listitem"
      bullet={
        <ThemeIcon size={22} radius="xl" variant="light">
          {icon}
        </ThemeIcon>
      }
      title={
        <Text size="sm" fw={550} component="span">
          {title}{' '}
          {outcome && (
            <Badge size="sm" variant="light" ml={4}>
              {outcome}
            </Badge>
          )}
        </Text>
      }
    >
      <Text size="xs" c="dimmed" className="num">
        {at ? formatMoment(at) : text}
      </Text>
    </Timeline.Item>
  );
}
