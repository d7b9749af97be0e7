import { tick } from 'svelte';
import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import { when } from '../../lib/i18n/dates.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { pressedKeys } from '../../lib/keys.svelte.js';
import { href, router } from '../../lib/router/index.js';
import type { Composer } from './composer.svelte.js';
import { newLine } from './format.js';
import { formats } from './formats.js';
import { askingForMany } from './many.js';
import { namesFor } from './names.svelte.js';
import type { OpenRoom } from './open-room.svelte.js';
import type { Pen } from './pen.js';
import type { Person } from './wire.js';

/** What the keys of the composer work on. */
export interface Desk {
  readonly open: OpenRoom;
  readonly composer: Composer;
  readonly me: Person;
  /** Keys of a screen keyboard: Enter is a new line. */
  readonly touch: boolean;
  readonly focus: () => void;
  readonly pen: Pen;
}

/** Does what a key means while a message is written; false when it means nothing special. */
export function pressed(event: KeyboardEvent, desk: Desk): boolean {
  const { composer } = desk;
  // While a word is being composed (accents, other scripts), Enter belongs to it.
  if (event.isComposing) return false;
  if (composer.completion.open && pressedInList(event, desk)) return true;
  if (event.key === 'Enter' && !event.shiftKey && !event.altKey && !desk.touch) {
    void submit(desk);
    return true;
  }
  if (event.key === 'Escape' && composer.editing) {
    void composer.stopEditing();
    return true;
  }
  const alone = !event.altKey && !event.shiftKey && !event.ctrlKey && !event.metaKey;
  if (event.key === 'ArrowUp' && alone && composer.empty && !composer.editing) return editLast(desk);
  return pressedFormat(event, desk);
}

/** Keys of the formatting bar, and lists that go on in the next line. */
function pressedFormat(event: KeyboardEvent, { pen }: Desk): boolean {
  const tool = formats.find((one) => one.keys && pressedKeys(event, one.keys));
  if (tool) {
    pen.format(tool.id);
    return true;
  }
  const next = event.key === 'Enter' && !event.altKey ? newLine(pen.writing) : null;
  if (next) pen.apply(next);
  return next !== null;
}

/** Keys while something is offered. */
function pressedInList(event: KeyboardEvent, { composer, focus }: Desk): boolean {
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      composer.completion.move(event.key === 'ArrowDown' ? 1 : -1);
      return true;
    case 'Enter':
    case 'Tab':
      composer.choose();
      void tick().then(focus);
      return true;
    case 'Escape':
      composer.completion.dismiss(composer.text);
      return true;
    default:
      return false;
  }
}

function editLast({ open, composer, me, focus }: Desk): boolean {
  const last = open.lastSaid(me, composer.thread);
  if (!last) return false;
  composer.edit(last, namesFor(last.people ?? [], last.groups));
  void tick().then(focus);
  return true;
}

/** Sends what is written, or saves the change. */
export async function submit(desk: Desk): Promise<void> {
  const { open, composer } = desk;
  // In slow mode the words stay in the box until their time has come.
  if (!composer.editing && open.waitsUntil > Date.now()) return;
  // Of a message that changes, or of a file that was refused, nothing follows by itself.
  if (composer.editing ? !composer.ready : !composer.sendable) {
    composer.wanted = !composer.empty;
    return;
  }
  try {
    if (composer.editing) await save(desk);
    else await open.send(composer.take());
  } catch (cause) {
    toasts.show(faultText(cause), { tone: 'bad' });
  }
}

/** Sends what is written at a time; if that is refused, it stays in the composer. */
export async function submitLater({ open, composer }: Desk, at: Date): Promise<void> {
  const message = { ...composer.parcel.body, client_id: crypto.randomUUID() };
  await askingForMany((confirmed) =>
    call('POST /chat/rooms/{room}/later', {
      path: { room: open.id },
      body: { send_at: at.toISOString(), message: confirmed ? { ...message, confirm_many: true } : message },
    }),
  );
  composer.take();
  toasts.show(t('personal.later.done', { when: when(at) }), {
    tone: 'good',
    action: { label: t('personal.later.show'), run: () => router.go(href('later')) },
  });
}

async function save({ open, composer, focus }: Desk): Promise<void> {
  const { editing, saving } = composer;
  if (!editing || saving) return;
  composer.saving = true;
  try {
    if (composer.outgoing !== editing.text)
      await askingForMany((confirmed) => open.edit(editing, composer.outgoing, confirmed));
    await composer.stopEditing();
  } finally {
    composer.saving = false;
  }
  focus();
}
