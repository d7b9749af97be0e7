import type { Message, Room } from './wire.js';

/** Questions that actions of messages ask; the page shows them, because a row may go at any moment. */
class PersonalDialogs {
  /** Of which message to be reminded. */
  reminding = $state.raw<{ readonly room: string; readonly message: Message } | null>(null);
  /** Whose readers are wanted. */
  readers = $state.raw<{ readonly room: string; readonly message: Message } | null>(null);
  /** What the person wants of a room. */
  wishes = $state.raw<Room | null>(null);
}

export const dialogs = new PersonalDialogs();
