import { beforeEach, describe, expect, it } from 'vitest';
import { Lines } from './lines.js';

describe('found lines', () => {
  let area: HTMLElement;
  let lines: Lines;
  const show = (...names: string[]) => {
    area.innerHTML = names.map((name) => `<a class="hit" href="/${name}">${name}</a>`).join('');
  };
  const focused = () => document.activeElement?.textContent;

  beforeEach(() => {
    document.body.innerHTML = '<input><div></div>';
    area = document.querySelector('div') as HTMLElement;
    lines = new Lines(
      () => area,
      () => document.querySelector('input'),
    );
    area.addEventListener('focusin', () => lines.hold());
    area.addEventListener('focusout', (event) => lines.release(event));
    area.addEventListener('keydown', (event) => lines.press(event));
  });

  const press = (key: string) =>
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
    );

  it('are walked by arrows, and above the first one is the field', () => {
    show('a', 'b');
    lines.first();
    press('ArrowDown');
    expect(focused()).toBe('b');
    press('ArrowDown');
    expect(focused()).toBe('b');
    press('ArrowUp');
    press('ArrowUp');
    expect(document.activeElement?.tagName).toBe('INPUT');
  });

  it('keep the place when a later answer takes the line away', () => {
    show('a', 'b', 'c');
    lines.first();
    press('ArrowDown');
    show('d');
    lines.mend();
    expect(focused()).toBe('d');
  });

  it('take the focus from nobody', () => {
    show('a');
    lines.first();
    document.querySelector('input')?.focus();
    show('b');
    lines.mend();
    expect(document.activeElement?.tagName).toBe('INPUT');
  });
});
