import { Extension } from '@tiptap/core';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import { hueOf } from '../../../kit/person.js';
import { calledName, type Named, readNamed } from '../present.js';

interface Change {
  readonly updated: readonly number[];
}

/** Shows where others write: a thin line with a name that fades, and a wash behind what they selected. */
export function carets(awareness: Awareness): Extension {
  let show: (change: Change) => void = () => undefined;
  return Extension.create({
    name: 'carets',
    addProseMirrorPlugins: () => [
      yCursorPlugin(awareness, {
        cursorBuilder: (user: unknown, client: number) => caret(readNamed(user), client),
        selectionBuilder: (user: unknown) => ({
          class: 'paper-selection',
          'data-person': '',
          style: `--person-hue: ${hueOf(readNamed(user).id)}`,
        }),
      }),
    ],
    onCreate() {
      const root = this.editor.view.dom;
      show = ({ updated }) => {
        for (const client of updated) showName(root, client);
      };
      awareness.on('change', show);
    },
    onDestroy() {
      awareness.off('change', show);
    },
  });
}

function caret(user: Named, client: number): HTMLElement {
  const line = document.createElement('span');
  line.className = 'paper-caret';
  line.dataset.client = String(client);
  line.dataset.person = '';
  line.style.setProperty('--person-hue', String(hueOf(user.id)));
  // What others do is not read out: it would drown what the person writes.
  line.setAttribute('aria-hidden', 'true');
  const flag = document.createElement('span');
  flag.className = 'paper-caret-name';
  flag.textContent = calledName(user);
  line.append(flag);
  return line;
}

function showName(root: HTMLElement, client: number): void {
  const flag = root.querySelector(`.paper-caret[data-client="${client}"] .paper-caret-name`);
  for (const animation of flag?.getAnimations() ?? []) {
    animation.currentTime = 0;
    animation.play();
  }
}
