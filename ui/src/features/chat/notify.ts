import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { live } from '../../lib/realtime/index.js';
import { href, router } from '../../lib/router/index.js';
import { remember, remembered } from '../../lib/storage/local.js';
import { entryText } from './entry.js';
import { spoken } from './mention.js';
import { namesFor } from './names.svelte.js';
import { personal } from './personal.svelte.js';
import { disturbs, isQuiet } from './quiet.js';
import { onCame, rooms } from './rooms.svelte.js';
import { type Bump, type ReadMark, type Room, type SavedChange, titleOf } from './wire.js';

const key = 'notices';
const longest = 160;

/** Whether this browser can show notices, and may. */
export type Allowed = 'impossible' | 'denied' | 'off' | 'on';

export function allowed(): Allowed {
  if (!('Notification' in globalThis)) return 'impossible';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && remembered(key) === 'on' ? 'on' : 'off';
}

/** Switches notices on this device on or off. The browser is asked only here, because somebody wanted it. */
export async function allow(on: boolean): Promise<Allowed> {
  if (on && 'Notification' in globalThis && Notification.permission === 'default')
    await Notification.requestPermission();
  remember(key, on ? 'on' : 'off');
  return allowed();
}

interface Shown {
  readonly room: string;
  readonly seq: number;
  readonly notice: Notification;
}

let shown: readonly Shown[] = [];

/** The person sees the room at this moment. */
const looksAt = (room: string): boolean =>
  document.visibilityState === 'visible' && document.hasFocus() && router.place.params.room === room;

async function textOf(room: Room, bump: Bump): Promise<{ title: string; body: string }> {
  if (personal.settings.hide_content) return { title: t('personal.notice.something'), body: '' };
  const title = titleOf(room);
  const page = await call('GET /chat/rooms/{room}/messages', {
    path: { room: room.id },
    query: { after: bump.message_seq - 1, limit: 1 },
  });
  const message = page.messages.find((one) => one.seq === bump.message_seq);
  if (!message || message.deleted_at) return { title, body: '' };
  const text =
    message.kind === 'text' ? spoken(message.text, namesFor(message.people ?? [])) : entryText(message);
  const said = text.slice(0, longest);
  return {
    title,
    body: room.kind === 'direct' || message.kind !== 'text' ? said : `${message.author.name}: ${said}`,
  };
}

async function tell(bump: Bump): Promise<void> {
  const room = rooms.find(bump.room_id);
  if (allowed() !== 'on' || !room || looksAt(room.id)) return;
  if (!disturbs(bump, room, personal.settings, new Date())) return;
  const { title, body } = await textOf(room, bump).catch(() => ({ title: titleOf(room), body: '' }));
  // Meanwhile it may have been read elsewhere.
  if ((rooms.find(room.id)?.read_seq ?? 0) >= bump.message_seq) return;
  show(title, body, { room: room.id, seq: bump.message_seq });
}

function show(title: string, body: string, { room, seq }: { room: string; seq: number }): void {
  // Two tabs of one browser show one notice: the tag is the same.
  const notice = new Notification(title, {
    body,
    tag: `rathaus ${room} ${seq}`,
    silent: !personal.settings.sound,
  });
  shown = [...shown, { room, seq, notice }];
  notice.onclick = () => {
    window.focus();
    router.go(href('room', { room }, { at: seq }));
    notice.close();
  };
  notice.onclose = () => {
    shown = shown.filter((one) => one.notice !== notice);
  };
}

/** The time has come to be reminded of something; the bell says of what. */
function remind({ saved, due, message_id }: SavedChange): void {
  if (!saved || !due || allowed() !== 'on' || isQuiet(personal.settings.quiet, new Date())) return;
  const notice = new Notification(t('personal.notice.reminder'), {
    tag: `rathaus reminder ${message_id}`,
    silent: !personal.settings.sound,
  });
  notice.onclick = () => {
    window.focus();
    router.go(href('saved'));
    notice.close();
  };
}

/** What was read here or elsewhere needs no notice any more. */
function read({ room_id, read_seq }: ReadMark): void {
  for (const one of shown) if (one.room === room_id && one.seq <= read_seq) one.notice.close();
}

/** Shows notices of what comes while the portal is open; call the result to stop. */
export function startNotices(): () => void {
  const ends = [
    onCame((bump) => void tell(bump).catch(() => undefined)),
    live.onMe('room_read', (data) => read(data as ReadMark)),
    live.onMe('saved', (data) => remind(data as SavedChange)),
  ];
  return () => {
    for (const end of ends) end();
  };
}
