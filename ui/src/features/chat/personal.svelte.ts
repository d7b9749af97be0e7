import { call, FaultError } from '../../lib/api/index.js';
import { live } from '../../lib/realtime/index.js';
import type {
  Bump,
  LaterEvent,
  LaterRef,
  Layout,
  Personal as Mine,
  RoomGone,
  SavedChange,
  SavedMessage,
  SavedRef,
  Settings,
  Status,
  WishChange,
} from './wire.js';

const nothing: Mine = {
  policies: { presence: 'off', read_receipts: 'off' },
  settings: {
    quiet: { times: [] },
    hide_content: false,
    sound: true,
    announce: 'all',
    presence: false,
    receipts: false,
  },
  layout: { version: 0, favourites: [], sections: [] },
  status: { person_id: '', text: '' },
  drafts: [],
  saved: [],
  later: [],
};

const tries = 3;

/** What of chat is the person's alone, the same on all devices. */
export class Personal {
  policies = $state.raw(nothing.policies);
  settings = $state.raw<Settings>(nothing.settings);
  layout = $state.raw<Layout>(nothing.layout);
  status = $state.raw<Status>(nothing.status);
  saved = $state.raw<readonly SavedRef[]>([]);
  later = $state.raw<readonly LaterRef[]>([]);
  /** Messages of which to be reminded now, with their content. */
  due = $state.raw<readonly SavedMessage[]>([]);
  /** Counts changes of what is saved, for lists that show it. */
  savedRound = $state(0);
  laterRound = $state(0);

  take(mine: Mine): void {
    this.policies = mine.policies;
    this.settings = mine.settings;
    this.layout = mine.layout;
    this.status = mine.status;
    this.later = mine.later;
    this.saved = mine.saved;
    this.#savedChanged();
    this.laterRound += 1;
  }

  isSaved(message: string): SavedRef | undefined {
    return this.saved.find((one) => one.message_id === message);
  }

  /** Changes the settings, here at once and then for all devices. */
  async set(change: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.settings = { ...before, ...change };
    try {
      this.settings = await call('PUT /chat/settings', { body: this.settings });
    } catch (cause) {
      this.settings = before;
      throw cause;
    }
  }

  /** Changes the arrangement of the list. Another device may have been faster; then it is made from what that one made. */
  async arrange(change: (layout: Layout) => Layout): Promise<void> {
    const before = this.layout;
    let from = before;
    for (let at = 1; ; at++) {
      const next = change(from);
      if (next === from) return;
      this.layout = next;
      try {
        this.#arranged(await call('PUT /chat/layout', { body: next }));
        return;
      } catch (cause) {
        this.layout = before;
        if (!(cause instanceof FaultError) || cause.code !== 'chat.layout_changed' || at >= tries)
          throw cause;
        from = await call('GET /chat/layout');
        this.layout = from;
      }
    }
  }

  #arranged(layout: Layout): void {
    if (layout.version >= this.layout.version) this.layout = layout;
  }

  async wish(room: string, change: WishChange): Promise<void> {
    await call('PATCH /chat/rooms/{room}/wishes', { path: { room }, body: change });
  }

  async say(text: string, until?: string): Promise<void> {
    this.status = await call('PUT /chat/status', { body: { text, ...(until ? { until } : {}) } });
  }

  /** Keeps a message for later; with a time, reminds of it. */
  async keep(room: string, message: string, at?: Date): Promise<void> {
    const body = at ? { remind_at: at.toISOString() } : {};
    const ref = await call('PUT /chat/rooms/{room}/messages/{message}/saved', {
      path: { room, message },
      body,
    });
    this.#saved({ saved: true, ...ref });
  }

  async drop(room: string, message: string): Promise<void> {
    await call('DELETE /chat/rooms/{room}/messages/{message}/saved', { path: { room, message } });
    this.#drop(message);
  }

  #saved({ saved, ...ref }: SavedChange): void {
    if (!saved) return this.#drop(ref.message_id);
    this.saved = [ref, ...this.saved.filter((one) => one.message_id !== ref.message_id)];
    this.#savedChanged();
  }

  #drop(message: string): void {
    this.saved = this.saved.filter((one) => one.message_id !== message);
    this.due = this.due.filter((one) => one.message_id !== message);
    this.savedRound += 1;
  }

  /** What is due is shown with its content, which the server gives to whoever may still read it. */
  #savedChanged(): void {
    this.savedRound += 1;
    if (!this.saved.some((one) => one.due)) {
      this.due = [];
      return;
    }
    call('GET /chat/saved', { query: { due: true } }).then(
      ({ items }) => {
        this.due = items;
      },
      () => undefined,
    );
  }

  /** A message that is saved was changed or deleted. */
  #bumped(bump: Bump): void {
    if (bump.unread > 0) return;
    const hit = this.saved.some((one) => one.room_id === bump.room_id && one.seq === bump.message_seq);
    if (!hit) return;
    if (bump.unread < 0)
      this.saved = this.saved.filter((one) => one.room_id !== bump.room_id || one.seq !== bump.message_seq);
    this.#savedChanged();
  }

  #lost({ room_id, reason }: RoomGone): void {
    if (reason === 'archived') return;
    if (reason === 'deleted' && this.later.some((one) => one.room_id === room_id)) {
      this.later = this.later.filter((one) => one.room_id !== room_id);
      this.laterRound += 1;
    }
    this.saved = this.saved.filter((one) => one.room_id !== room_id);
    this.#savedChanged();
  }

  #later({ gone, ...ref }: LaterEvent): void {
    const others = this.later.filter((one) => one.id !== ref.id);
    this.later = gone ? others : [...others, ref].sort((a, b) => a.send_at.localeCompare(b.send_at));
    this.laterRound += 1;
  }

  clear(): void {
    this.take(nothing);
  }

  /** Follows what the server tells the person; call the result to stop. */
  follow(): () => void {
    const ends = [
      live.onState((state) => state === 'stopped' && this.clear()),
      live.onMePart('chat_personal', (part) => this.take(part as Mine)),
      live.onMe('settings', (data) => {
        this.settings = data as Settings;
      }),
      live.onMe('layout', (data) => this.#arranged(data as Layout)),
      live.onMe('status', (data) => {
        const status = data as Status;
        if (status.person_id === this.status.person_id) this.status = status;
      }),
      live.onMe('saved', (data) => this.#saved(data as SavedChange)),
      live.onMe('later', (data) => this.#later(data as LaterEvent)),
      live.onMe('room_bumped', (data) => this.#bumped(data as Bump)),
      live.onMe('room_removed', (data) => this.#lost(data as RoomGone)),
    ];
    return () => {
      for (const end of ends) end();
      this.clear();
    };
  }
}

export const personal = new Personal();
