/** Where the message is written: the bar for the chosen block, the subject and the sheet. */
import { TextInput } from '@mantine/core';
import type { Editor } from '@tiptap/react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Content } from '../api';
import classes from '../messages.module.css';
import type { Design } from '../use-design';
import { useAutoScroll } from '../use-dropped';
import type { RowSaving } from './SaveRow';
import { FormatBar } from './sheet/FormatBar';
import { Sheet } from './sheet/Sheet';

type Props = {
  content: Content;
  design: Design;
  saving: RowSaving;
  mayEdit: boolean;
  onContent: (content: Content, mark?: string) => void;
  onUndo: () => void;
  onRedo: () => void;
  onSettings?: () => void;
};

export function Writing({ content, design, saving, mayEdit, onContent, onUndo, onRedo, ...rest }: Props) {
  const { t } = useTranslation('messages');
  const [active, setActive] = useState<Editor | null>(null);
  const [stage, setStage] = useState<HTMLElement | null>(null);
  useAutoScroll(stage);
  const onActive = useCallback((editor: Editor) => setActive(editor), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the blocks only lets go of the chosen one
    <div
      ref={setStage}
      className={classes.stage}
      onClick={(event) => event.target === event.currentTarget && design.select(null)}
    >
      <div className={classes.writing}>
        {mayEdit && (
          <FormatBar
            design={design}
            saving={saving}
            editor={active && !active.isDestroyed ? active : null}
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
            ...design,
            mayEdit,
            setProps: (item, props) => design.update(item.id, { props }, `${item.id}/words`),
            onActive,
            undo: onUndo,
            redo: onRedo,
          }}
        />
      </div>
    </div>
  );
}
