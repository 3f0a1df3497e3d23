/** The settings of one block. */
import { ActionIcon, Button, ColorInput, Group, NumberInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ConditionBuilder, type ConditionNode } from '@/pickers/ConditionBuilder';
import { LoadingRows } from '@/ui/States';
import type { Block } from '../blocks';
import { TagMenu } from './TagMenu';

const RichText = lazy(() => import('./RichText').then((module) => ({ default: module.RichText })));

type Props = {
  block: Block;
  onChange: (part: Partial<Block>) => void;
  onShift: (by: -1 | 1) => void;
  onRemove: () => void;
};
type Field = 'text' | 'src' | 'alt' | 'href' | 'label';
const textFields: Partial<Record<Block['type'], Field[]>> = {
  heading: ['text'],
  image: ['src', 'alt', 'href'],
  button: ['label', 'href'],
};
const colorFields: Partial<Record<Block['type'], ('color' | 'text_color')[]>> = {
  button: ['color', 'text_color'],
  divider: ['color'],
};
const defaults: Record<string, string> = { color: '#4650c8', text_color: '#ffffff' };

export function BlockForm({ block, onChange, onShift, onRemove }: Props) {
  const { t } = useTranslation('messages');
  const props = block.props ?? {};
  const set = (name: string, value: unknown) => onChange({ props: { ...props, [name]: value } });
  const hasAlign = ['heading', 'text', 'image', 'button'].includes(block.type);
  return (
    <Stack gap="sm">
      {block.type === 'text' && (
        <Suspense fallback={<LoadingRows count={3} />}>
          <RichText key={block.id} value={String(props.html ?? '')} onChange={(html) => set('html', html)} />
        </Suspense>
      )}
      {textFields[block.type]?.map((name) => (
        <TextInput
          key={name}
          label={t(`props.${name}`)}
          value={String(props[name] ?? '')}
          onChange={(event) => set(name, event.currentTarget.value)}
          rightSection={
            name === 'src' ? undefined : <TagMenu onInsert={(tag) => set(name, `${String(props[name] ?? '')}${tag}`)} />
          }
        />
      ))}
      {block.type === 'heading' && (
        <SegmentedControl
          aria-label={t('props.level')}
          value={String(props.level ?? 1)}
          onChange={(level) => set('level', Number(level))}
          data={(['1', '2', '3'] as const).map((value) => ({ value, label: t(`levels.${value}`) }))}
        />
      )}
      {hasAlign && (
        <SegmentedControl
          aria-label={t('props.align')}
          value={String(props.align ?? (block.type === 'image' ? 'center' : 'left'))}
          onChange={(align) => set('align', align)}
          data={(['left', 'center', 'right'] as const).map((value) => ({ value, label: t(`align.${value}`) }))}
        />
      )}
      {colorFields[block.type]?.map((name) => (
        <ColorInput
          key={name}
          label={t(`props.${name}`)}
          format="hex"
          withEyeDropper={false}
          value={String(props[name] ?? defaults[name])}
          onChangeEnd={(color) => /^#[0-9a-f]{6}$/i.test(color) && set(name, color)}
        />
      ))}
      {block.type === 'spacer' && (
        <NumberInput
          label={t('props.height')}
          min={4}
          max={200}
          value={Number(props.height ?? 24)}
          onChange={(height) => typeof height === 'number' && set('height', Math.min(200, Math.max(4, height)))}
        />
      )}
      {block.type === 'columns' && (
        <SegmentedControl
          aria-label={t('props.columnCount')}
          value={String(block.slots?.length ?? 2)}
          onChange={(count) => onChange({ slots: resize(block.slots ?? [], Number(count)) })}
          data={['2', '3', '4']}
        />
      )}
      {block.type === 'conditional' && (
        <ConditionBuilder
          value={block.condition as ConditionNode | undefined}
          onChange={(condition) => onChange({ condition: condition as Block['condition'] })}
        />
      )}
      <Group justify="space-between" mt="xs">
        <Group gap={4}>
          <ActionIcon variant="default" aria-label={t('up')} onClick={() => onShift(-1)}>
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon variant="default" aria-label={t('down')} onClick={() => onShift(1)}>
            <IconArrowDown size={16} />
          </ActionIcon>
        </Group>
        <Button variant="default" size="xs" leftSection={<IconTrash size={15} />} onClick={onRemove}>
          {t('remove')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Fewer columns keep what the others held, in the last one. */
function resize(slots: Block[][], count: number): Block[][] {
  if (slots.length <= count) return [...slots, ...Array.from({ length: count - slots.length }, () => [])];
  const kept = slots.slice(0, count);
  return kept.map((slot, index) => (index === count - 1 ? [...slot, ...slots.slice(count).flat()] : slot));
}
