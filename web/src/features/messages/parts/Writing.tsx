/** Where the message is written: the bar for the chosen block, the subject and the sheet. */
import { TextInput } from '@mantine/core';
import type { Editor } from '@tiptap/react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Content } from '../api';
import * as tree from '../blocks';
import classes from '../messages.module.css';
import { FormatBar } from './sheet/FormatBar';
import { Sheet } from './sheet/Sheet';

type Props = {
  content: Content;
  block: tree.Block | undefined;
  mayEdit: boolean;
  onSelect: (id: string | null) => void;
  onBlocks: (blocks: tree.Block[], mark?: string) => void;
  onContent: (content: Content, mark?: string) => void;
  onUndo: () => void;
  onRedo: () => void;
  onSettings?: () => void;
};

export function Writing({ content, block, mayEdit, onSelect, onBlocks, onContent, onUndo, onRedo, ...rest }: Props) {
  const { t } = useTranslation('messages');
  const [active, setActive] = useState<Editor | null>(null);
  const onActive = useCallback((editor: Editor) => setActive(editor), []);
  const blocks = content.document.blocks ?? [];
  const remove = (id: string) => {
    onBlocks(tree.removeBlock(blocks, id));
    onSelect(null);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the blocks only lets go of the chosen one
    <div className={classes.stage} onClick={(event) => event.target === event.currentTarget && onSelect(null)}>
      <div className={classes.writing}>
        {mayEdit && (
          <FormatBar
            block={block}
            editor={active && !active.isDestroyed ? active : null}
            onShift={(id, by) => onBlocks(tree.shiftBlock(blocks, id, by))}
            onDuplicate={(id) => onBlocks(tree.duplicateBlock(blocks, id))}
            onRemove={remove}
            onSettings={rest.onSettings}
          />
        )}
        <TextInput
          variant="unstyled"
          className={classes.subjectLine}
          aria-label={t('subjectOnSheet')}
          placeholder={t('subjectEmpty')}
          value={content.subject}
          maxLength={500}
          readOnly={!mayEdit}
          onChange={(event) => onContent({ ...content, subject: event.currentTarget.value }, 'subject')}
        />
        <Sheet
          document={content.document}
          api={{
            selected: block?.id ?? null,
            mayEdit,
            select: onSelect,
            setProps: (item, props) => onBlocks(tree.updateBlock(blocks, item.id, { props }), `${item.id}/words`),
            shift: (id, by) => onBlocks(tree.shiftBlock(blocks, id, by)),
            remove,
            onActive,
            undo: onUndo,
            redo: onRedo,
          }}
        />
      </div>
    </div>
  );
}
