/** Text that is edited where it stands: a line (heading, button) or paragraphs. Undo is the page's. */
import { type Editor, EditorContent, useEditor } from '@tiptap/react';
import { useEffect, useRef } from 'react';
import { lineContent, lineExtensions, richExtensions } from './extensions';

type Props = {
  /** Plain words for a line, HTML for paragraphs. */
  value: string;
  isLine?: boolean;
  label: string;
  isSelected: boolean;
  mayEdit: boolean;
  onChange: (value: string) => void;
  /** The editor of the selected block, for the bar. */
  onActive: (editor: Editor) => void;
  onUndo: () => void;
  onRedo: () => void;
};

const contentOf = (value: string, isLine?: boolean) => (isLine ? lineContent(value) : value);

export function InlineEditor({ value, isLine, label, isSelected, mayEdit, onActive, ...calls }: Props) {
  const known = useRef(value);
  const latest = useRef(calls);
  latest.current = calls;
  const editor = useEditor({
    extensions: isLine ? lineExtensions : richExtensions,
    content: contentOf(value, isLine),
    editable: mayEdit,
    editorProps: {
      attributes: { 'aria-label': label, role: 'textbox', 'aria-multiline': isLine ? 'false' : 'true' },
      handleKeyDown: (_, event) => {
        if (isLine && event.key === 'Enter') return true;
        if (!(event.metaKey || event.ctrlKey)) return false;
        const key = event.key.toLowerCase();
        if (key !== 'z' && key !== 'y') return false;
        event.preventDefault();
        if (key === 'y' || event.shiftKey) latest.current.onRedo();
        else latest.current.onUndo();
        return true;
      },
      handlePaste: (view, event) => {
        if (!isLine) return false;
        const text = event.clipboardData?.getData('text/plain') ?? '';
        view.dispatch(view.state.tr.insertText(text.replace(/\s+/g, ' ')));
        return true;
      },
    },
    onUpdate: ({ editor: current }) => {
      known.current = isLine ? current.getText() : current.getHTML();
      latest.current.onChange(known.current);
    },
  });
  useEffect(() => editor?.setEditable(mayEdit, false), [editor, mayEdit]);
  // Changed elsewhere (undo, the other side of a conflict): take it over and leave the cursor where it was.
  useEffect(() => {
    if (!editor || value === known.current) return;
    known.current = value;
    const { from, to } = editor.state.selection;
    editor.commands.setContent(contentOf(value, isLine), { emitUpdate: false });
    const end = editor.state.doc.content.size - 1;
    editor.commands.setTextSelection({ from: Math.min(from, end), to: Math.min(to, end) });
  }, [editor, value, isLine]);
  useEffect(() => {
    if (editor && isSelected) onActive(editor);
  }, [editor, isSelected, onActive]);
  return <EditorContent editor={editor} />;
}
