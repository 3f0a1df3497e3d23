/** Going on after a pause: what becomes of timers that ran out meanwhile, and of those who would have entered. */
import { Button, Group, Modal, NumberInput, Radio, Stack, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '@/lib/format';
import type { Automation, Resumption } from '../api';

type Props = {
  automation: Automation;
  opened: boolean;
  onClose: () => void;
  onResume: (how: Resumption) => void;
};

const ways = ['at_once', 'stop', 'spread'] as const;

export function ResumeDialog({ automation, opened, onClose, onResume }: Props) {
  const { t } = useTranslation('automations');
  const [overdue, setOverdue] = useState<Resumption['overdue']>('at_once');
  const [hours, setHours] = useState(24);
  const [letsIn, setLetsIn] = useState(false);
  const go = () => {
    onResume({ overdue, spread_hours: hours, events: letsIn ? 'enter' : 'drop' });
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('resume.title')}
      closeButtonProps={{ 'aria-label': t('inspector.close') }}
    >
      <Stack>
        {automation.active > 0 && (
          <Radio.Group
            label={t('resume.overdue', { count: automation.active })}
            value={overdue}
            onChange={(value) => setOverdue(ways.find((way) => way === value) ?? 'at_once')}
          >
            <Stack gap={8} mt={8}>
              {ways.map((way) => (
                <Radio key={way} value={way} label={t(`resume.ways.${way}`)} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {overdue === 'spread' && (
          <NumberInput
            label={t('resume.hours')}
            value={hours}
            min={1}
            max={720}
            allowDecimal={false}
            onChange={(value) => setHours(Number(value) || 1)}
          />
        )}
        {automation.paused_at && automation.document.triggers.length > 0 && (
          <Switch
            checked={letsIn}
            onChange={(event) => setLetsIn(event.currentTarget.checked)}
            label={t('resume.letsIn', { since: formatMoment(automation.paused_at) })}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('versions.cancel')}
          </Button>
          <Button onClick={go}>{t('resume.go')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
