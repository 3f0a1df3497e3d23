/** Starts and pauses the automation; says what has to be settled first. */
import { Button, Menu, Switch, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast, toastError } from '@/ui/toast';
import { type Automation, type Problem, type Step, useAutomationAction } from '../api';
import { publicationQuery } from '../version-api';
import { PublishDialog } from './PublishDialog';

/** Settled in the settings, not in the step. */
const NO_SENDER = 'delivery.sender_missing';

type Props = {
  automation: Automation;
  problems: Problem[];
  save: () => Promise<void>;
  onShow: (stepId: string) => void;
  words: {
    titleOf: (step: Step) => string;
    detailOf: (step: Step) => string;
    triggerLabel: (type: string) => string;
  };
};

export function RunSwitch({ automation, problems, save, onShow, words }: Props) {
  const { t } = useTranslation('automations');
  const act = useAutomationAction(automation.id);
  const navigate = useNavigate();
  const isRunning = automation.status === 'active';
  const isChanged = automation.status !== 'draft' && automation.has_changes;
  const [asked, setAsked] = useState<'publish' | 'activate' | null>(null);
  const { data: publication } = useQuery({
    ...publicationQuery(automation.id, automation.revision),
    enabled: isChanged,
  });
  const changes = publication?.changes.length ?? 0;
  const ask = async (wanted: 'publish' | 'activate') => {
    await save();
    setAsked(wanted);
  };
  const run = async (action: 'activate' | 'pause') => {
    await save();
    act.mutate(action, {
      onSuccess: () => toast(action === 'activate' ? t('activated') : t('paused')),
      onError: toastError,
    });
  };
  return (
    <>
      {problems.length > 0 && (
        <Menu position="bottom-end" width={320}>
          <Menu.Target>
            <Button size="xs" variant="light" color="orange" leftSection={<IconAlertTriangle size={15} />}>
              {t('problems', { count: problems.length })}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('problemsTitle')}</Menu.Label>
            {problems.map((problem) => (
              <Menu.Item
                key={`${problem.step_id}-${problem.message}`}
                onClick={() =>
                  problem.code === NO_SENDER
                    ? void navigate({ to: '/settings/$section', params: { section: 'sender' } })
                    : onShow(problem.step_id && !problem.step_id.startsWith('t') ? problem.step_id : 'start')
                }
              >
                <Text size="sm">{problem.message}</Text>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {isChanged && (
        <Button size="xs" disabled={problems.length > 0} onClick={() => void ask('publish')}>
          {changes > 0 ? t('publish', { count: changes }) : t('publish')}
        </Button>
      )}
      <PublishDialog
        automation={automation}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        onDone={asked === 'activate' ? () => void run('activate') : undefined}
        {...words}
      />
      <Switch
        label={t('active')}
        checked={isRunning}
        disabled={act.isPending || (!isRunning && problems.length > 0)}
        onChange={() => void (!isRunning && isChanged ? ask('activate') : run(isRunning ? 'pause' : 'activate'))}
      />
    </>
  );
}
