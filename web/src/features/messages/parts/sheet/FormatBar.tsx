/** Above the sheet: bold, italic, list, link and fields for the chosen text, and what moves the block. */
import { ActionIcon, Divider, Group, Text } from '@mantine/core';
import { RichTextEditor } from '@mantine/tiptap';
import {
  IconAdjustments,
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDirections,
  IconDirectionsOff,
  IconTrash,
} from '@tabler/icons-react';
import type { Editor } from '@tiptap/react';
import { useTranslation } from 'react-i18next';
import type { Block } from '../../blocks';
import type { Design } from '../../use-design';
import { type RowSaving, SaveRow } from '../SaveRow';
import { TagMenu } from '../TagMenu';
import classes from './sheet.module.css';
import '@mantine/tiptap/styles.css';

type Props = {
  /** Without one the bar says what it is for, and keeps its place so that nothing moves under the pointer. */
  design: Design;
  saving: RowSaving;
  editor: Editor | null;
  /** Where the settings are not beside the sheet. */
  onSettings?: () => void;
};

const hasText = (block: Block) => ['heading', 'text', 'button', 'footer'].includes(block.type);

export function FormatBar({ design, saving, editor, onSettings }: Props) {
  const { t } = useTranslation('messages');
  const { block } = design;
  if (!block) {
    return (
      <div className={classes.bar}>
        <Text size="xs" c="dimmed" px={6}>
          {t('barHint')}
        </Text>
        {onSettings && <Act label={t('openSettings')} onClick={onSettings} icon={<IconAdjustments size={16} />} />}
      </div>
    );
  }
  const { id } = block;
  const insert = (tag: string) => editor?.chain().focus().insertContent({ type: 'text', text: tag }).run();
  const insertLink = (href: string, text: string) =>
    editor
      ?.chain()
      .focus()
      .insertContent({ type: 'text', text, marks: [{ type: 'link', attrs: { href } }] })
      .run();
  const isRich = block.type === 'text' || block.type === 'footer';
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('format')}>
      {isRich && editor && (
        <RichTextEditor editor={editor} className={classes.rich}>
          <RichTextEditor.ControlsGroup>
            <RichTextEditor.Bold aria-label={t('bold')} />
            <RichTextEditor.Italic aria-label={t('italic')} />
            <RichTextEditor.BulletList aria-label={t('list')} />
            <RichTextEditor.Link aria-label={t('link')} />
          </RichTextEditor.ControlsGroup>
        </RichTextEditor>
      )}
      {hasText(block) && <TagMenu onInsert={insert} onLink={isRich ? insertLink : undefined} />}
      {hasText(block) && <Divider orientation="vertical" />}
      <Group gap={2} wrap="nowrap">
        <Act label={t('up')} onClick={() => design.shift(id, -1)} icon={<IconArrowUp size={16} />} />
        <Act label={t('down')} onClick={() => design.shift(id, 1)} icon={<IconArrowDown size={16} />} />
        <Act label={t('duplicate')} onClick={() => design.duplicate(id)} icon={<IconCopy size={16} />} />
        {block.type !== 'snippet' && <SaveRow block={block} saving={saving} />}
        {block.type === 'conditional' ? (
          <Act label={t('unwrap')} onClick={() => design.unwrap(id)} icon={<IconDirectionsOff size={16} />} />
        ) : (
          <Act label={t('wrap')} onClick={() => design.wrap(id)} icon={<IconDirections size={16} />} />
        )}
        <Act label={t('remove')} onClick={() => design.remove(id)} icon={<IconTrash size={16} />} />
        {onSettings && <Act label={t('openSettings')} onClick={onSettings} icon={<IconAdjustments size={16} />} />}
      </Group>
    </div>
  );
}

function Act({ label, onClick, icon }: { label: string; onClick: () => void; icon: React.ReactNode }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={label}
      title={label}
      // The cursor stays in the text.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      {icon}
    </ActionIcon>
  );
}
