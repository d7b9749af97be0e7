import { Editor } from '@tiptap/core';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { birthOf, fieldOf, textIn } from '../document.js';
import { shareEmptyLines } from './lines.js';
import { extensions } from './schema.js';

/** Somebody with an editor of their own. What they write arrives elsewhere when it is delivered. */
class Writer {
  readonly doc = new Y.Doc();
  readonly editor: Editor;
  readonly waiting: Uint8Array[] = [];

  constructor() {
    Y.applyUpdate(this.doc, birthOf(''));
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'delivered') this.waiting.push(update);
    });
    this.editor = new Editor({
      element: document.createElement('div'),
      extensions: extensions(fieldOf(this.doc)),
    });
    shareEmptyLines(this.doc, (name) => this.editor.schema.nodes[name]?.isTextblock ?? false);
  }

  /** Types at the end of the document. */
  type(letter: string): void {
    this.editor.commands.insertContentAt(this.editor.state.doc.content.size - 1, letter);
  }

  enter(): void {
    this.editor.commands.setTextSelection(this.editor.state.doc.content.size - 1);
    this.editor.commands.splitBlock();
  }
}

function deliver(from: Writer, to: Writer): void {
  for (const update of from.waiting.splice(0)) Y.applyUpdate(to.doc, update, 'delivered');
}

const writers: Writer[] = [];
const two = (): [Writer, Writer] => {
  const pair: [Writer, Writer] = [new Writer(), new Writer()];
  writers.push(...pair);
  return pair;
};

afterEach(() => {
  for (const writer of writers.splice(0)) writer.editor.destroy();
});

/** Both write at the same moment, then hear of each other, again and again. */
function together(ada: Writer, ben: Writer): void {
  for (const [one, other] of ['aA', 'bB', 'cC', 'dD'].map((pair) => [...pair])) {
    ada.type(one ?? '');
    ben.type(other ?? '');
    deliver(ada, ben);
    deliver(ben, ada);
  }
}

const letters = (text: string) => [...text.replaceAll('\n', '')].sort().join('');

describe('two people who begin to write in the same empty line (000-04)', () => {
  const all = letters('aAbBcCdD');

  it('lose no letter in the first line of a pad, and double none', () => {
    const [ada, ben] = two();
    together(ada, ben);
    expect(textIn(ben.doc)).toBe(textIn(ada.doc));
    expect(letters(textIn(ada.doc))).toBe(all);
  });

  it('lose none in a line that one of them has just begun', () => {
    const [ada, ben] = two();
    ada.type('x');
    ada.enter();
    deliver(ada, ben);
    together(ada, ben);
    expect(textIn(ben.doc)).toBe(textIn(ada.doc));
    expect(letters(textIn(ada.doc))).toBe(letters(`x${all}`));
  });

  it('undo a new line in one step', () => {
    const [ada] = two();
    ada.type('x');
    ada.enter();
    expect(textIn(ada.doc)).toBe('\nx\n');
    ada.editor.commands.undo();
    expect(textIn(ada.doc)).toBe('\n');
    expect(ada.editor.state.doc.childCount).toBe(2);
    ada.editor.commands.redo();
    expect(textIn(ada.doc)).toBe('\nx\n');
  });
});
