/** One stage in the settings: name, colour, chance and patience, changed in place; its deals go where one says. */
import {
  ActionIcon,
  Button,
  ColorInput,
  Group,
  Menu,
  Modal,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDots, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pipeline, Stage } from '@/pickers/deals/api';
import { toastError } from '@/ui/toast';
import { type StageInput, useDeleteStage, useOrderStages, useUpdateStage } from '../api';
import classes from '../deals.module.css';

const swatches = ['#64748b', '#0ea5e9', '#6366f1', '#8b5cf6', '#ec4899', '#f97316', '#eab308', '#22c55e', '#14b8a6'];

type Props = { pipeline: Pipeline; stage: Stage; place: number; mayEdit: boolean };

export function StageRow({ pipeline, stage, place, mayEdit }: Props) {
  const { t } = useTranslation('deals');
  const update = useUpdateStage();
  const order = useOrderStages();
  const [isDeleting, setDeleting] = useState(false);
  const save = (change: StageInput) => update.mutate({ id: stage.id, ...change }, { onError: toastError });
  const shift = (by: number) => {
    const ids = pipeline.stages.map((one) => one.id).filter((id) => id !== stage.id);
    ids.splice(place + by, 0, stage.id);
    order.mutate({ pipelineId: pipeline.id, ids }, { onError: toastError });
  };
  const named = { name: stage.name };
  return (
    <li className={classes.stage}>
      <ColorInput
        w={44}
        aria-label={t('stage.color', named)}
        format="hex"
        withEyeDropper={false}
        swatches={swatches}
        disabled={!mayEdit}
        value={stage.color}
        onChangeEnd={(color) => /^#[0-9a-f]{6}$/i.test(color) && save({ color })}
        styles={{ input: { paddingInlineEnd: 0, color: 'transparent' } }}
        closeOnColorSwatchClick
      />
      <TextInput
        key={stage.name}
        aria-label={t('stage.name')}
        readOnly={!mayEdit}
        defaultValue={stage.name}
        onBlur={(event) => {
          const name = event.currentTarget.value.trim();
          if (name && name !== stage.name) save({ name });
        }}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      <Figure
        key={`chance ${stage.probability}`}
        label={t('stage.probability', named)}
        suffix=" %"
        min={0}
        max={100}
        value={stage.probability}
        isReadOnly={!mayEdit}
        onSave={(probability) => save({ probability: probability ?? 0 })}
      />
      <Figure
        key={`stale ${stage.stale_days}`}
        label={t('stage.stale', named)}
        placeholder={t('stage.never')}
        suffix={t('stage.days')}
        min={1}
        max={3650}
        value={stage.stale_days}
        isReadOnly={!mayEdit}
        onSave={(stale_days) => save({ stale_days })}
      />
      {mayEdit && (
        <Menu>
          <Menu.Target>
            <ActionIcon mb={4} aria-label={t('stage.actions', named)}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item disabled={place === 0} leftSection={<IconArrowUp size={15} />} onClick={() => shift(-1)}>
              {t('stage.up')}
            </Menu.Item>
            <Menu.Item
              disabled={place === pipeline.stages.length - 1}
              leftSection={<IconArrowDown size={15} />}
              onClick={() => shift(1)}
            >
              {t('stage.down')}
            </Menu.Item>
            <Menu.Item
              color="red"
              disabled={pipeline.stages.length === 1}
              leftSection={<IconTrash size={15} />}
              onClick={() => setDeleting(true)}
            >
              {t('stage.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <DeleteStage
        stage={stage}
        others={pipeline.stages.filter((one) => one.id !== stage.id)}
        opened={isDeleting}
        onClose={() => setDeleting(false)}
      />
    </li>
  );
}

type FigureProps = {
  label: string;
  suffix: string;
  placeholder?: string;
  min: number;
  max: number;
  value: number | null;
  isReadOnly: boolean;
  onSave: (value: number | null) => void;
};

/** A number that is saved when it is left or Enter is pressed. */
function Figure({ label, value, isReadOnly, onSave, ...rest }: FigureProps) {
  const [draft, setDraft] = useState<string | number>(value ?? '');
  const save = () => {
    const next = draft === '' ? null : Math.min(rest.max, Math.max(rest.min, Math.round(Number(draft))));
    if (next !== value) onSave(next);
  };
  return (
    <NumberInput
      {...rest}
      className={classes.figure}
      aria-label={label}
      hideControls
      allowDecimal={false}
      allowNegative={false}
      readOnly={isReadOnly}
      value={draft}
      onChange={setDraft}
      onBlur={save}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  );
}

type DeleteProps = { stage: Stage; others: Stage[]; opened: boolean; onClose: () => void };

function DeleteStage({ stage, others, opened, onClose }: DeleteProps) {
  const { t } = useTranslation('deals');
  const remove = useDeleteStage();
  const [moveTo, setMoveTo] = useState<string | null>(null);
  const target = moveTo ?? String(others[0]?.id ?? '');
  const confirm = () =>
    remove.mutate(
      { id: stage.id, moveTo: target ? Number(target) : null },
      { onError: toastError, onSettled: onClose },
    );
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('stage.deleteTitle', { name: stage.name })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('stage.deleteText')}</Text>
        <Select
          label={t('stage.moveTo')}
          data={others.map((one) => ({ value: String(one.id), label: one.name }))}
          allowDeselect={false}
          value={target}
          onChange={setMoveTo}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={confirm}>
            {t('stage.delete')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
