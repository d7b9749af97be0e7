import { Extension } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state';

/** What stands after a slash at the caret. */
export interface SlashQuery {
  readonly from: number;
  readonly to: number;
  readonly words: string;
}

export interface SlashHandlers {
  changed(query: SlashQuery | null): void;
  /** Returns true when the key belongs to the menu. */
  key(event: KeyboardEvent): boolean;
}

const key = new PluginKey('slash');

/** Watches for "/word" before the caret, in text only, and tells the menu. */
export function slash(handlers: SlashHandlers): Extension {
  return Extension.create({
    name: 'slash',
    // Before the keys of lists and of the title.
    priority: 1_000,
    addProseMirrorPlugins: () => [
      new Plugin({
        key,
        view: () => ({
          update: (view) => handlers.changed(view.editable ? queryAt(view.state) : null),
        }),
        props: { handleKeyDown: (_view, event) => handlers.key(event) },
      }),
    ],
  });
}

function queryAt(state: EditorState): SlashQuery | null {
  const { $from, empty } = state.selection;
  const { parent } = $from;
  if (!empty || !parent.isTextblock || parent.type.name === 'title' || parent.type.spec.code) return null;
  const before = parent.textBetween(
    Math.max(0, $from.parentOffset - 40),
    $from.parentOffset,
    undefined,
    '\ufffc',
  );
  const found = /(?:^|\s)\/([\p{L}\p{N}]*)$/u.exec(before);
  if (found === null) return null;
  const words = found[1] ?? '';
  return { from: $from.pos - words.length - 1, to: $from.pos, words };
}
