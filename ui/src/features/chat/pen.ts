import { type Change, type Format, format, type Writing } from './format.js';

/** Changes a text area as if the person had typed, so that undoing works. */
export class Pen {
  #area: () => HTMLTextAreaElement | undefined;

  constructor(area: () => HTMLTextAreaElement | undefined) {
    this.#area = area;
  }

  get writing(): Writing {
    const area = this.#area();
    return { text: area?.value ?? '', start: area?.selectionStart ?? 0, end: area?.selectionEnd ?? 0 };
  }

  apply(change: Change): void {
    const area = this.#area();
    if (!area) return;
    area.focus();
    area.setSelectionRange(change.from, change.to);
    // The only way that keeps the browser's undo; where it is gone, the text is still right.
    const typed =
      change.insert === ''
        ? document.execCommand('delete')
        : document.execCommand('insertText', false, change.insert);
    if (!typed && change.from + change.insert.length !== change.to) {
      area.setRangeText(change.insert, change.from, change.to, 'end');
      area.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    area.setSelectionRange(change.start, change.end);
    area.dispatchEvent(new Event('select', { bubbles: true }));
  }

  format(kind: Format): void {
    this.apply(format(this.writing, kind));
  }

  /** Puts words where the caret stands. */
  insert(words: string): void {
    const { start, end } = this.writing;
    this.apply({
      from: start,
      to: end,
      insert: words,
      start: start + words.length,
      end: start + words.length,
    });
  }
}
