/** Starts and pauses the automation; says what has to be settled first. */
import { Button, Menu, Switch, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast, toastError } from '@/ui/toast';
import { type Automation, type Problem, type Resumption, type Step, useAutomationAction } from '../api';
import { publicationQuery } from '../version-api';
import { PublishDialog } from './PublishDialog';
import { ResumeDialog } from './ResumeDialog';

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
  const [asked, setAsked] = useState<'publish' | 'activate' | 'resume' | null>(null);
  const { data: publication } = useQuery({
    ...publicationQuery(automation.id, automation.revision),
    enabled: isChanged,
  });
  const changes = publication?.changes.length ?? 0;
  const ask = async (wanted: 'publish' | 'activate' | 'resume') => {
    await save();
    setAsked(wanted);
  };
  const run = async (action: 'activate' | 'pause' | Resumption) => {
    await save();
    act.mutate(action, {
      onSuccess: () => toast(action === 'pause' ? t('paused') : t('activated')),
      onError: toastError,
    });
  };
  const turn = () => {
    if (isRunning) return void run('pause');
    if (automation.status === 'draft') return void run('activate');
    return void ask(isChanged ? 'activate' : 'resume');
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
        opened={asked === 'publish' || asked === 'activate'}
        onClose={() => setAsked(null)}
        onDone={asked === 'activate' ? () => setAsked('resume') : undefined}
        {...words}
      />
      <ResumeDialog
        automation={automation}
        opened={asked === 'resume'}
        onClose={() => setAsked(null)}
        onResume={(how) => void run(how)}
      />
      <Switch
        label={t('active')}
        checked={isRunning}
        disabled={act.isPending || (!isRunning && problems.length > 0)}
        onChange={turn}
      />
    </>
  );
}
