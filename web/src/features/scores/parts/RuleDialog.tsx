/** A rule: who gets points, how many, and for how long they count. */
import { Button, Group, Modal, NumberInput, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type FieldProblem } from '@/api/problems';
import { ConditionBuilder, type ConditionNode } from '@/pickers/ConditionBuilder';
import { toastError } from '@/ui/toast';
import { type Rule, useSaveRule } from '../api';

type Props = { scoreId: number; rule: Rule | 'new' | null; onClose: () => void };

export function RuleDialog({ scoreId, rule, onClose }: Props) {
  const { t } = useTranslation('scores');
  return (
    <Modal
      opened={rule !== null}
      onClose={onClose}
      size="lg"
      title={rule === 'new' ? t('rule.add') : t('rule.edit')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {rule && <RuleForm scoreId={scoreId} rule={rule === 'new' ? null : rule} onClose={onClose} />}
    </Modal>
  );
}

function RuleForm({ scoreId, rule, onClose }: { scoreId: number; rule: Rule | null; onClose: () => void }) {
  const { t } = useTranslation('scores');
  const save = useSaveRule(scoreId);
  const [condition, setCondition] = useState<ConditionNode>(rule?.condition ?? { match: 'all', conditions: [] });
  const [points, setPoints] = useState(rule?.points ?? 10);
  const [days, setDays] = useState<number | null>(rule?.lasts_days ?? null);
  const [problems, setProblems] = useState<FieldProblem[]>([]);
  const submit = () =>
    save.mutate(
      { id: rule?.id ?? null, condition, points, lasts_days: days },
      {
        onSuccess: onClose,
        onError: (error) => {
          const inside = error instanceof ApiError ? error.errors : [];
          const mine = inside.filter((problem) => problem.pointer.startsWith('/condition'));
          setProblems(mine.map((problem) => ({ ...problem, pointer: problem.pointer.slice('/condition'.length) })));
          if (mine.length === 0) toastError(error);
        },
      },
    );
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('rule.hint')}
      </Text>
      <ConditionBuilder value={condition} onChange={setCondition} problems={problems} />
      <Group align="flex-end">
        <NumberInput
          w={120}
          label={t('rule.points')}
          value={points}
          onChange={(value) => setPoints(Number(value) || 0)}
        />
        <Switch
          mb={8}
          label={t('rule.runsOut')}
          checked={days !== null}
          onChange={(event) => setDays(event.currentTarget.checked ? 90 : null)}
        />
        {days !== null && (
          <NumberInput
            w={120}
            min={1}
            label={t('rule.days')}
            value={days}
            onChange={(value) => setDays(Math.max(1, Number(value) || 1))}
          />
        )}
      </Group>
      {rule && (
        <Text size="xs" c="dimmed">
          {t('rule.anew')}
        </Text>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button disabled={points === 0} loading={save.isPending} onClick={submit}>
          {t('rule.save')}
        </Button>
      </Group>
    </Stack>
  );
}
