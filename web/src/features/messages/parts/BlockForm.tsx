/** The settings of one block; what it says is written on the sheet. */
import { Button, ColorInput, NumberInput, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ImagePicker } from '@/pickers/images/ImagePicker';
import type { Block } from '../blocks';
import { brandQuery } from '../library-api';
import type { Design } from '../use-design';
import { ConditionForm } from './ConditionForm';
import { ItemsForm } from './ItemsForm';
import { TableForm } from './TableForm';
import { TagMenu } from './TagMenu';

type Props = { block: Block; design: Design };
type Field = 'src' | 'alt' | 'href' | 'unsubscribe' | 'image';
const textFields: Partial<Record<Block['type'], Field[]>> = {
  image: ['src', 'alt', 'href'],
  button: ['href'],
  video: ['href', 'src', 'alt'],
  footer: ['unsubscribe'],
  section: ['image'],
};
const colorFields: Partial<Record<Block['type'], ('color' | 'text_color' | 'background')[]>> = {
  button: ['color', 'text_color'],
  divider: ['color'],
  section: ['background'],
  social: ['color'],
  footer: ['color'],
};
const imageOf: Partial<Record<Block['type'], Field>> = { image: 'src', video: 'src', section: 'image' };
const defaults: Record<string, string> = { color: '#4650c8', text_color: '#ffffff', background: '#eef0fb' };
const beginnings: Partial<Record<Block['type'], string>> = { divider: '#e2e5ea', social: '#4a5163', footer: '#5f6675' };

/** Within what the server takes; an empty width means as wide as the sheet lets it be. */
const sizeOf = (type: Block['type'], value: number | string) =>
  typeof value !== 'number' ? (type === 'section' ? 24 : null) : type === 'section' ? value : Math.max(16, value);

export function BlockForm({ block, design }: Props) {
  const { t } = useTranslation('messages');
  const props = block.props ?? {};
  const onChange = (part: Partial<Block>, mark?: string) => design.update(block.id, part, mark);
  const set = (name: string, value: unknown) => onChange({ props: { ...props, [name]: value } }, `${block.id}/${name}`);
  const { data: brand } = useQuery(brandQuery);
  const swatches = brand?.colors ?? [];
  const hasAlign = ['heading', 'text', 'image', 'button', 'menu', 'social', 'footer'].includes(block.type);
  return (
    <Stack gap="sm">
      {['heading', 'text', 'button', 'footer'].includes(block.type) && (
        <Text size="xs" c="dimmed">
          {t('writeOnSheet')}
        </Text>
      )}
      {imageOf[block.type] && (
        <ImagePicker
          onChoose={(image) =>
            onChange({
              props: {
                ...props,
                [imageOf[block.type] ?? 'src']: image.url,
                ...(block.type === 'image' && !props.alt ? { alt: image.alt } : {}),
              },
            })
          }
        />
      )}
      {textFields[block.type]?.map((name) => (
        <TextInput
          key={name}
          label={t(`props.${name}`)}
          value={String(props[name] ?? '')}
          onChange={(event) => set(name, event.currentTarget.value)}
          rightSection={
            name === 'src' ? undefined : (
              <TagMenu
                onInsert={(tag) => set(name, `${String(props[name] ?? '')}${tag}`)}
                onLink={name === 'href' ? (tag) => set(name, tag) : undefined}
              />
            )
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
          value={String(
            props.align ?? (['image', 'menu', 'social', 'footer'].includes(block.type) ? 'center' : 'left'),
          )}
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
          swatches={swatches}
          value={String(props[name] ?? beginnings[block.type] ?? defaults[name])}
          onChangeEnd={(color) => /^#[0-9a-f]{6}$/i.test(color) && set(name, color)}
        />
      ))}
      {(block.type === 'section' || block.type === 'image') && (
        <NumberInput
          label={t(block.type === 'section' ? 'props.padding' : 'props.width')}
          placeholder={t('whole')}
          min={block.type === 'section' ? 0 : 16}
          max={block.type === 'section' ? 80 : 1200}
          clampBehavior="strict"
          value={(block.type === 'section' ? (props.padding ?? 24) : (props.width ?? '')) as number | string}
          onChange={(value) => set(block.type === 'section' ? 'padding' : 'width', sizeOf(block.type, value))}
        />
      )}
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
      {block.type === 'snippet' && (
        <>
          <Text size="sm">{t('saved.inUse')}</Text>
          <Button variant="default" onClick={() => design.unwrap(block.id)}>
            {t('saved.unlink')}
          </Button>
        </>
      )}
      {block.type === 'columns' && block.slots?.length === 2 && (
        <SegmentedControl
          aria-label={t('props.ratio')}
          value={String(props.ratio ?? '1:1')}
          onChange={(ratio) => set('ratio', ratio)}
          data={['1:1', '1:2', '2:1', '1:3', '3:1']}
        />
      )}
      {block.type === 'conditional' && (
        <ConditionForm
          block={block}
          shown={design.shown[block.id] ?? 0}
          onShow={(number) => design.showBranch(block.id, number)}
          onChange={onChange}
        />
      )}
      {['menu', 'social', 'list'].includes(block.type) && (
        <ItemsForm block={block} onChange={(items) => set('items', items)} />
      )}
      {block.type === 'table' && <TableForm block={block} onChange={(next, mark) => onChange({ props: next }, mark)} />}
      {block.type === 'html' && (
        <Textarea
          label={t('html')}
          description={t('htmlHint')}
          autosize
          minRows={8}
          maxRows={20}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
          value={String(props.html ?? '')}
          onChange={(event) => set('html', event.currentTarget.value)}
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
