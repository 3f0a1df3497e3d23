/** The settings of one block; what it says is written on the sheet. */
import { ColorInput, NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ConditionBuilder, type ConditionNode } from '@/pickers/ConditionBuilder';
import type { Block } from '../blocks';
import { TagMenu } from './TagMenu';

type Props = { block: Block; onChange: (part: Partial<Block>, mark?: string) => void };
type Field = 'src' | 'alt' | 'href';
const textFields: Partial<Record<Block['type'], Field[]>> = { image: ['src', 'alt', 'href'], button: ['href'] };
const colorFields: Partial<Record<Block['type'], ('color' | 'text_color')[]>> = {
  button: ['color', 'text_color'],
  divider: ['color'],
};
const defaults: Record<string, string> = { color: '#4650c8', text_color: '#ffffff' };

export function BlockForm({ block, onChange }: Props) {
  const { t } = useTranslation('messages');
  const props = block.props ?? {};
  const set = (name: string, value: unknown) => onChange({ props: { ...props, [name]: value } }, `${block.id}/${name}`);
  const hasAlign = ['heading', 'text', 'image', 'button'].includes(block.type);
  return (
    <Stack gap="sm">
      {['heading', 'text', 'button'].includes(block.type) && (
        <Text size="xs" c="dimmed">
          {t('writeOnSheet')}
        </Text>
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
      {block.type === 'text' && (
        <NumberInput
          label={t('props.size')}
          min={10}
          max={32}
          value={Number(props.size ?? 16)}
          onChange={(size) => typeof size === 'number' && set('size', Math.min(32, Math.max(10, size)))}
        />
      )}
    </Stack>
  );
}

/** Fewer columns keep what the others held, in the last one. */
function resize(slots: Block[][], count: number): Block[][] {
  if (slots.length <= count) return [...slots, ...Array.from({ length: count - slots.length }, () => [])];
  const kept = slots.slice(0, count);
  return kept.map((slot, index) => (index === count - 1 ? [...slot, ...slots.slice(count).flat()] : slot));
}
