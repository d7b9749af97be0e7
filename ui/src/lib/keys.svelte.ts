import { isMac } from './device/platform.js';
import type { Key } from './i18n/index.svelte.js';
import { Registry } from './registry.svelte.js';
import { remember, remembered } from './storage/local.js';

/** Keys as in "Mod+Shift+X", "Alt+ArrowUp", "e", "?". Mod is Ctrl, or ⌘ on a Mac. */
export function pressedKeys(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+');
  const key = parts.pop() || '+';
  const [mod, other] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  // A sign such as ? or + may need Shift, or not: that is the keyboard's business.
  const sign = key.length === 1 && !/[\p{L}\p{N}]/u.test(key);
  return (
    !other &&
    mod === parts.includes('Mod') &&
    event.altKey === parts.includes('Alt') &&
    (sign || event.shiftKey === parts.includes('Shift')) &&
    sameKey(event, key)
  );
}

function sameKey(event: KeyboardEvent, key: string): boolean {
  if (event.key.toLowerCase() === key.toLowerCase()) return true;
  // With Shift a digit is another sign on every layout.
  return /^\d$/.test(key) && event.code === `Digit${key}`;
}

/** A single letter or sign: it can be switched off, because it gets in the way of voice control. */
export const isSingle = (keys: string): boolean => keys.length === 1 || keys === 'Delete';

/** A shortcut that works everywhere, or as long as its page is open. */
export interface Shortcut {
  readonly id: string;
  readonly order?: number;
  readonly keys: string;
  readonly label: Key;
  /** The heading under which the list shows it. */
  readonly group: Key;
  /** Without it the shortcut is only listed: whatever has the focus acts on it. */
  readonly run?: () => void;
}

/** All shortcuts that are in force at the moment; the list that ? opens shows them. */
export const shortcuts = new Registry<Shortcut>();

/** Adds several; call the result to take them out again. */
export function addShortcuts(some: readonly Shortcut[]): () => void {
  const ends = some.map((one) => shortcuts.add(one));
  return () => {
    for (const end of ends) end();
  };
}

class SingleKeys {
  on = $state(remembered('keys.single') !== 'no');

  set(on: boolean): void {
    this.on = on;
    remember('keys.single', on ? '' : 'no');
  }
}

/** Whether single letters do something (WCAG 2.1.4). */
export const singleKeys = new SingleKeys();

const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select') !== null);

const covered = () => document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

/** Runs shortcuts. Call the result to stop. */
export function watchKeys(): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const hit = shortcuts.items.find((one) => one.run && pressedKeys(event, one.keys));
    if (!hit?.run || covered()) return;
    if (isSingle(hit.keys) && (!singleKeys.on || writes(event.target))) return;
    event.preventDefault();
    hit.run();
  };
  // The page below may use the key first.
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}
