/** Inline text with bold, italic, lists and links; loaded when the first text block is opened. */
import { Link, RichTextEditor } from '@mantine/tiptap';
import { useEditor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { useTranslation } from 'react-i18next';
import '@mantine/tiptap/styles.css';
import { TagMenu } from './TagMenu';

type Props = { value: string; onChange: (html: string) => void };

export function RichText({ value, onChange }: Props) {
  const { t } = useTranslation('messages');
  const editor = useEditor({
    extensions: [
      StarterKit.configure({ heading: false, codeBlock: false, horizontalRule: false, link: false }),
      Link.configure({ openOnClick: false }),
    ],
    content: value,
    editorProps: { attributes: { 'aria-label': t('props.text') } },
    onUpdate: ({ editor: current }) => onChange(current.getHTML()),
  });
  return (
    <RichTextEditor editor={editor}>
      <RichTextEditor.Toolbar>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Bold aria-label={t('bold')} />
          <RichTextEditor.Italic aria-label={t('italic')} />
          <RichTextEditor.BulletList aria-label={t('list')} />
          <RichTextEditor.Link aria-label={t('link')} />
        </RichTextEditor.ControlsGroup>
        <TagMenu onInsert={(tag) => editor?.chain().focus().insertContent(tag).run()} />
      </RichTextEditor.Toolbar>
      <RichTextEditor.Content />
    </RichTextEditor>
  );
}
