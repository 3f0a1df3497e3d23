/** Publishes the draft: what changes, and where contacts go who stand on a step that is not the same any more. */
import { Button, Group, Modal, Radio, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import type { Automation, Step } from '../api';
import { allSteps } from '../flow/graph';
import { type Change, type Move, type Occupied, publicationQuery, usePublish } from '../version-api';
import { ChangeList, sideOf } from './ChangeList';

type Props = {
  automation: Automation;
  opened: boolean;
  onClose: () => void;
  /** Called after publishing, for what was meant to follow. */
  onDone?: () => void;
  titleOf: (step: Step) => string;
  detailOf: (step: Step) => string;
  triggerLabel: (type: string) => string;
};

export function PublishDialog(props: Props) {
  const { t } = useTranslation('automations');
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('versions.publishTitle')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('inspector.close') }}
    >
      {props.opened && <Publication {...props} />}
    </Modal>
  );
}

function Publication({ automation, onClose, onDone, titleOf, detailOf, triggerLabel }: Props) {
  const { t } = useTranslation('automations');
  const preview = useQuery({ ...publicationQuery(automation.id, automation.revision), staleTime: 0 });
  const publish = usePublish(automation.id);
  const [note, setNote] = useState('');
  const [inside, setInside] = useState<'move' | 'finish'>('move');
  const [waitsCount, setWaitsCount] = useState(true);
  const [moves, setMoves] = useState<Record<string, Move>>({});
  if (preview.isPending) return <LoadingRows count={4} />;
  if (preview.isError) return <ErrorView error={preview.error} onRetry={() => void preview.refetch()} />;
  const { changes, occupied } = preview.data;
  const touched = occupied.filter((one) => one.change !== 'same');
  const people = occupied.reduce((sum, one) => sum + one.here, 0);
  const submit = () =>
    publish.mutate(
      {
        revision: automation.revision,
        note,
        inside,
        waits: waitsCount ? 'count' : 'keep',
        moves: inside === 'move' ? Object.values(moves) : [],
      },
      {
        onSuccess: ({ moved }) => {
          toast(moved > 0 ? t('versions.publishedMoved', { count: moved }) : t('versions.published'));
          onClose();
          onDone?.();
        },
        onError: toastError,
      },
    );
  return (
    <Stack>
      <ChangeList changes={changes} titleOf={titleOf} detailOf={detailOf} triggerLabel={triggerLabel} />
      {people > 0 && (
        <Radio.Group
          label={t('versions.inside', { count: people })}
          value={inside}
          onChange={(value) => setInside(value === 'finish' ? 'finish' : 'move')}
        >
          <Stack gap={6} mt={6}>
            <Radio value="move" label={t('versions.move')} />
            <Radio value="finish" label={t('versions.finish')} />
          </Stack>
        </Radio.Group>
      )}
      {inside === 'move' &&
        touched.map((one) => (
          <Place
            key={one.step_id}
            occupied={one}
            change={changes.find((change) => change.id === one.step_id && change.kind !== 'moved')}
            automation={automation}
            titleOf={titleOf}
            detailOf={detailOf}
            move={moves[one.step_id]}
            onMove={(move) => setMoves({ ...moves, [one.step_id]: move })}
          />
        ))}
      {inside === 'move' && touched.some((one) => one.change === 'changed') && (
        <Switch
          checked={waitsCount}
          onChange={(event) => setWaitsCount(event.currentTarget.checked)}
          label={t('versions.waitsCount')}
        />
      )}
      <TextInput
        label={t('versions.note')}
        placeholder={t('versions.notePlaceholder')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('versions.cancel')}
        </Button>
        <Button loading={publish.isPending} onClick={submit}>
          {t('versions.publish')}
        </Button>
      </Group>
    </Stack>
  );
}

type PlaceProps = {
  occupied: Occupied;
  change: Change | undefined;
  automation: Automation;
  titleOf: (step: Step) => string;
  detailOf: (step: Step) => string;
  move: Move | undefined;
  onMove: (move: Move) => void;
};

/** Where those on one step go. */
function Place({ occupied, change, automation, titleOf, detailOf, move, onMove }: PlaceProps) {
  const { t } = useTranslation('automations');
  const steps = allSteps(automation.document.steps);
  const named = (step: Step) => [titleOf(step), detailOf(step)].filter(Boolean).join(': ');
  const isGone = occupied.change === 'gone';
  const next = steps.find((step) => step.id === occupied.next_step_id);
  const options = [
    ...(isGone
      ? [{ value: 'next', label: next ? t('versions.toNext', { step: named(next) }) : t('versions.out') }]
      : [{ value: 'stay', label: t('versions.stay') }]),
    ...(isGone && !next ? [] : [{ value: 'exit', label: t('versions.out') }]),
    ...steps
      .filter((step) => step.id !== occupied.step_id)
      .map((step) => ({ value: `step:${step.id}`, label: t('versions.toStep', { step: named(step) }) })),
  ];
  const value = move ? (move.way === 'step' ? `step:${move.to_step_id}` : move.way) : isGone ? 'next' : 'stay';
  const title = named(change ? sideOf(change, 'before') : { id: occupied.step_id, type: occupied.type, params: {} });
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {t(isGone ? 'versions.gone' : 'versions.altered', { count: occupied.here, step: title })}
      </Text>
      <Select
        aria-label={t('versions.where', { step: title })}
        data={options}
        value={value}
        allowDeselect={false}
        onChange={(chosen) => {
          if (!chosen) return;
          const target = chosen.startsWith('step:') ? chosen.slice('step:'.length) : '';
          onMove(
            target
              ? { step_id: occupied.step_id, way: 'step', to_step_id: target }
              : { step_id: occupied.step_id, way: chosen === 'exit' ? 'exit' : chosen === 'stay' ? 'stay' : 'next' },
          );
        }}
      />
    </Stack>
  );
}
