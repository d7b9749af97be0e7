import { mergeAttributes, Node } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import { Placeholder } from '@tiptap/extension-placeholder';
import { Plugin } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { StarterKit } from '@tiptap/starter-kit';
import type * as Y from 'yjs';
import { t } from '../../../lib/i18n/index.svelte.js';

/** A pad is a title and then blocks. */
const Paper = Node.create({ name: 'doc', topNode: true, content: 'title block+' });

const Title = Node.create({
  name: 'title',
  content: 'text*',
  marks: '',
  defining: true,
  parseHTML: () => [],
  renderHTML: ({ HTMLAttributes }) => ['h1', mergeAttributes(HTMLAttributes, { class: 'paper-title' }), 0],
  // A heading without words would be called nothing.
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        decorations({ doc }) {
          const title = doc.firstChild;
          if (title === null || title.content.size > 0) return null;
          const name = { 'aria-label': t('pads.editor.untitled') };
          return DecorationSet.create(doc, [Decoration.node(0, title.nodeSize, name)]);
        },
      },
    }),
  ],
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { $from, empty } = editor.state.selection;
        if ($from.parent.type.name !== this.name || !empty) return false;
        const rest = $from.parent.textBetween($from.parentOffset, $from.parent.content.size);
        const below = $from.after() - rest.length;
        const next = editor.state.doc.nodeAt($from.after());
        if (rest === '' && next?.type.name === 'paragraph' && next.content.size === 0) {
          return editor.commands.setTextSelection(below + 1);
        }
        const content = rest === '' ? {} : { content: [{ type: 'text', text: rest }] };
        return editor
          .chain()
          .deleteRange({ from: $from.pos, to: $from.end() })
          .insertContentAt(below, { type: 'paragraph', ...content })
          .setTextSelection(below + 1)
          .run();
      },
    };
  },
});

/** Everything a text pad consists of, bound to its Yjs fragment. */
export function extensions(fragment: Y.XmlFragment) {
  return [
    Paper,
    Title,
    StarterKit.configure({
      document: false,
      undoRedo: false,
      heading: { levels: [2, 3, 4] },
      link: {
        openOnClick: false,
        autolink: true,
        defaultProtocol: 'https',
        HTMLAttributes: { rel: 'noopener noreferrer', target: '_blank' },
      },
      dropcursor: { color: false, class: 'paper-drop' },
    }),
    TaskList,
    TaskItem.configure({ nested: true, a11y: { checkboxLabel: () => t('pads.editor.task') } }),
    Placeholder.configure({
      showOnlyCurrent: false,
      placeholder: ({ node, pos }) => {
        if (node.type.name === 'title') return t('pads.untitled');
        return node.type.name === 'paragraph' && pos < 400 ? t('pads.editor.placeholder') : '';
      },
    }),
    Collaboration.configure({ fragment }),
  ];
}
