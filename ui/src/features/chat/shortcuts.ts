import { addShortcuts, type Shortcut } from '../../lib/keys.svelte.js';
import { router } from '../../lib/router/index.js';
import { formats } from './formats.js';
import { messageActions } from './message-actions.js';
import { rooms } from './rooms.svelte.js';

/** The lines of the list of rooms as they stand on the page, whatever they are sorted by. */
const lines = () => [...document.querySelectorAll<HTMLAnchorElement>('[data-room-list] a[href^="/chat/"]')];

const roomOf = (line: HTMLAnchorElement) => line.pathname.split('/')[2] ?? '';

/** Goes to the next room up or down the list, round at its ends. */
function go(by: 1 | -1, unread: boolean): void {
  const all = lines();
  const here = all.findIndex((line) => roomOf(line) === router.place.params.room);
  const from = here < 0 ? (by > 0 ? -1 : 0) : here;
  for (let step = 1; step <= all.length; step++) {
    const line = all[(from + by * step + all.length * 2) % all.length];
    if (!line || (unread && (rooms.find(roomOf(line))?.unread ?? 0) === 0)) continue;
    router.go(line.pathname);
    return;
  }
}

const inRooms: readonly Shortcut[] = [
  { id: 'chat.up', keys: 'Alt+ArrowUp', label: 'keys.previousRoom', run: () => go(-1, false) },
  { id: 'chat.down', keys: 'Alt+ArrowDown', label: 'keys.nextRoom', run: () => go(1, false) },
  { id: 'chat.up.unread', keys: 'Alt+Shift+ArrowUp', label: 'keys.previousUnread', run: () => go(-1, true) },
  { id: 'chat.down.unread', keys: 'Alt+Shift+ArrowDown', label: 'keys.nextUnread', run: () => go(1, true) },
].map((one, at) => ({ ...one, order: 10 + at, group: 'keys.inRooms' }) as Shortcut);

const onMessages = (): Shortcut[] => [
  { id: 'row.up', keys: 'ArrowUp', label: 'keys.previousMessage', group: 'keys.messages', order: 20 },
  { id: 'row.down', keys: 'ArrowDown', label: 'keys.nextMessage', group: 'keys.messages', order: 21 },
  ...messageActions.flatMap((action): Shortcut[] =>
    action.key
      ? [{ id: `row.${action.id}`, keys: action.key, label: action.label, group: 'keys.messages', order: 22 }]
      : [],
  ),
  { id: 'row.menu', keys: 'Shift+F10', label: 'keys.menu', group: 'keys.messages', order: 28 },
  { id: 'row.back', keys: 'Escape', label: 'keys.back', group: 'keys.messages', order: 29 },
];

const whileWriting = (): Shortcut[] => [
  { id: 'write.send', keys: 'Enter', label: 'keys.send', group: 'keys.writing', order: 30 },
  { id: 'write.line', keys: 'Shift+Enter', label: 'keys.line', group: 'keys.writing', order: 31 },
  { id: 'write.last', keys: 'ArrowUp', label: 'keys.editLast', group: 'keys.writing', order: 32 },
  { id: 'write.plain', keys: 'Mod+Shift+V', label: 'keys.plain', group: 'keys.writing', order: 33 },
  ...formats.flatMap((tool): Shortcut[] =>
    tool.keys
      ? [{ id: `write.${tool.id}`, keys: tool.keys, label: tool.label, group: 'keys.writing', order: 34 }]
      : [],
  ),
];

/** The shortcuts of chat, while it is open; call the result to end them. */
export const chatShortcuts = (): (() => void) =>
  addShortcuts([...inRooms, ...onMessages(), ...whileWriting()]);
