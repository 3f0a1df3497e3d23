/** What text on the sheet may hold: words of one line, or paragraphs with bold, italic, links and lists. */
import { Link } from '@mantine/tiptap';
import { Plugin } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { Extension, Node } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';

const TAG = /%[A-Z][^%<>\n]{0,120}%/g;

/** Fields of a contact stand out from the words around them. */
const Tags = Extension.create({
  name: 'tags',
  addProseMirrorPlugins() {
    const decorations = (doc: Parameters<typeof DecorationSet.create>[0]) => {
      const found: Decoration[] = [];
      doc.descendants((node, position) => {
        for (const match of node.isText ? (node.text ?? '').matchAll(TAG) : []) {
          const from = position + match.index;
          found.push(Decoration.inline(from, from + match[0].length, { 'data-tag': '' }));
        }
      });
      return DecorationSet.create(doc, found);
    };
    return [
      new Plugin({
        state: {
          init: (_, { doc }) => decorations(doc),
          apply: (change, old) => (change.docChanged ? decorations(change.doc) : old),
        },
        props: {
          decorations(state) {
            return this.getState(state);
          },
        },
      }),
    ];
  },
});

/** The page keeps the history, across all that can be edited. */
const base = { heading: false, codeBlock: false, code: false, horizontalRule: false, link: false } as const;

export const richExtensions = [
  StarterKit.configure({ ...base, undoRedo: false, trailingNode: false }),
  Link.configure({ openOnClick: false }),
  Tags,
];

export const lineExtensions = [
  Node.create({ name: 'doc', topNode: true, content: 'paragraph' }),
  StarterKit.configure({
    ...base,
    document: false,
    undoRedo: false,
    trailingNode: false,
    bold: false,
    italic: false,
    strike: false,
    underline: false,
    blockquote: false,
    bulletList: false,
    orderedList: false,
    listItem: false,
    listKeymap: false,
    hardBreak: false,
  }),
  Tags,
];

export const lineContent = (text: string) => ({
  type: 'doc',
  content: [{ type: 'paragraph', ...(text ? { content: [{ type: 'text', text }] } : {}) }],
});
