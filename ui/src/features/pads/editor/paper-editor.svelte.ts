import { Editor, type Extensions } from '@tiptap/core';
import { t } from '../../../lib/i18n/index.svelte.js';
import type { PadSession } from '../../../lib/padsync/session.js';
import { fieldOf } from '../document.js';
import { carets } from './carets.js';
import { shareEmptyLines } from './lines.js';
import { extensions } from './schema.js';
import { type SlashQuery, slash } from './slash.js';

/** The largest text that may be pasted at once, so that one update stays within the server's limit. */
const maxPaste = 200_000;

export interface PaperOptions {
  readonly session: PadSession;
  /** A paste was refused because it is too large. */
  readonly refusedPaste: () => void;
}

/** The editor of one pad. A component attaches it to an element and detaches it. */
export class PaperEditor {
  /** Rises with every change of text or selection; read it before asking the editor. */
  version = $state(0);
  slash = $state.raw<SlashQuery | null>(null);
  focused = $state(false);
  editor: Editor | null = null;
  /** Set by the menu: takes keys while it is open. */
  slashKey: (event: KeyboardEvent) => boolean = () => false;
  readonly #options: PaperOptions;

  constructor(options: PaperOptions) {
    this.#options = options;
  }

  /** Puts the editor into element; call the result to take it out. */
  attach(element: HTMLElement): () => void {
    const { session } = this.#options;
    const editor = new Editor({
      element,
      injectCSS: false,
      editable: session.canWrite,
      extensions: this.#extensions(),
      editorProps: {
        attributes: {
          class: 'paper',
          'aria-label': t('pads.editor.label'),
          ...(session.canWrite
            ? { role: 'textbox', 'aria-multiline': 'true' }
            : { role: 'document', tabindex: '0' }),
        },
        handlePaste: (_view, event) => this.#refusesPaste(event),
      },
      onTransaction: () => this.#later(() => (this.version += 1)),
      onFocus: () => this.#later(() => (this.focused = true)),
      onBlur: () => this.#later(() => (this.focused = false)),
    });
    const done = shareEmptyLines(session.doc, (name) => editor.schema.nodes[name]?.isTextblock ?? false);
    this.editor = editor;
    this.version += 1;
    return () => {
      this.editor = null;
      done();
      editor.destroy();
    };
  }

  // The browser blurs what is taken out of the page, in the middle of a redraw that must not change state.
  #later(change: () => void): void {
    queueMicrotask(change);
  }

  #extensions(): Extensions {
    const { session } = this.#options;
    return [
      ...extensions(fieldOf(session.doc)),
      carets(session.awareness),
      slash({
        changed: (query) => {
          this.#later(() => {
            if (query?.from !== this.slash?.from || query?.words !== this.slash?.words) this.slash = query;
          });
        },
        key: (event) => this.slash !== null && this.slashKey(event),
      }),
    ];
  }

  #refusesPaste(event: ClipboardEvent): boolean {
    const size = event.clipboardData?.getData('text/plain').length ?? 0;
    if (size <= maxPaste) return false;
    this.#options.refusedPaste();
    return true;
  }
}
