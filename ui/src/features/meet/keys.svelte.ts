import { remember, remembered } from '../../lib/storage/local.js';
import type { Call } from './call.svelte.js';

/** What a key of the meeting does. Letters, so that they are the same on every keyboard layout. */
export type KeyAction = 'mic' | 'camera' | 'screen' | 'people' | 'keys';

export const bindings: Readonly<Record<string, KeyAction>> = {
  m: 'mic',
  v: 'camera',
  s: 'screen',
  p: 'people',
  '?': 'keys',
};

interface Extra {
  readonly people: () => void;
  readonly keys: () => void;
}

/** Keys of the meeting. They can be switched off, because single letters get in the way of voice control. */
class Keys {
  on = $state(remembered('meet.keys') !== 'no');

  set(on: boolean): void {
    this.on = on;
    remember('meet.keys', on ? '' : 'no');
  }

  /** Acts on a call; call the result to stop. */
  follow(call: Call, extra: Extra): () => void {
    let held = false;
    const down = (event: KeyboardEvent) => {
      if (!this.on || !free(event)) return;
      if (event.key === ' ' && !call.mic && !onControl(event)) {
        event.preventDefault();
        held = true;
        void call.setMic(true);
        return;
      }
      const action = bindings[event.key.toLowerCase()];
      if (!action || event.repeat) return;
      event.preventDefault();
      act(call, action, extra);
    };
    const up = (event: KeyboardEvent) => {
      if (event.key !== ' ' || !held) return;
      held = false;
      void call.setMic(false);
    };
    document.addEventListener('keydown', down);
    document.addEventListener('keyup', up);
    return () => {
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
    };
  }
}

export const keys = new Keys();

function act(call: Call, action: KeyAction, extra: Extra): void {
  switch (action) {
    case 'mic':
      return void call.setMic(!call.mic);
    case 'camera':
      return void call.setCamera(!call.camera);
    case 'screen':
      return void (call.screen ? call.stopScreen() : call.startScreen());
    case 'people':
      return extra.people();
    case 'keys':
      return extra.keys();
    default:
      action satisfies never;
  }
}

/** Nobody writes, no dialog is open, and it is no shortcut of the browser. */
function free(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (
    target?.isContentEditable ||
    target?.closest('input, textarea, select, [role="dialog"], [role="menu"], [role="listbox"]')
  )
    return false;
  return document.querySelector('[role="dialog"]') === null;
}

const onControl = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement &&
  event.target.closest('button, a, [role="button"], [role="switch"]') !== null;
