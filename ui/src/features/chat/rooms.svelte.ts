import { toasts } from '../../kit/toast.svelte.js';
import { call } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { clock } from '../../lib/now.svelte.js';
import { live } from '../../lib/realtime/index.js';
import { session } from '../../lib/session.svelte.js';
import { isMuted } from './quiet.js';
import type {
  Bump,
  Message,
  Mine,
  ReadMark,
  Room,
  RoomAdded,
  RoomFacts,
  RoomGone,
  RoomHidden,
  RoomWishes,
} from './wire.js';

/** What the list needs of the world outside; tests give their own. */
export interface RoomsDeps {
  readonly me: () => string | null;
  readonly load: (room: string) => Promise<Room>;
  readonly now?: () => Date;
  /** Something new was said in a room; told once for each message. */
  readonly came?: (bump: Bump) => void;
  /** A room was deleted for everybody. */
  readonly ended?: (room: string, name: string) => void;
}

/**
 * The rooms of the person with what is unread in them, for the whole portal. Counts change by the
 * rule of the server's package chat: by new messages of the joined room and by room_bumped.
 */
export class Rooms {
  /** null until the first snapshot is here. */
  all = $state.raw<readonly Room[] | null>(null);
  /** What rooms were called that were deleted while the portal was open. */
  deleted = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** Reports that wait for the administration, for those who administer. */
  townReports = $state(0);
  /** Up to which change the counts of a room are complete. */
  #counted = new Map<string, number>();
  /** Up to which place of a room it was told that something came. */
  #told = new Map<string, number>();
  #deps: RoomsDeps;

  constructor(deps: RoomsDeps) {
    this.#deps = deps;
  }

  /** The rooms that count: the badge, the title and the list all say what stands here. */
  loud: readonly Room[] = $derived.by(() => {
    const now = this.#deps.now?.() ?? clock.now;
    return (this.all ?? []).filter((room) => !isMuted(room, now));
  });
  /** Unread messages in all rooms that are not silent. */
  unread = $derived.by(() => this.loud.reduce((sum, room) => sum + room.unread, 0));
  mentions = $derived.by(() => this.loud.reduce((sum, room) => sum + room.mentions, 0));

  find(id: string): Room | undefined {
    return this.all?.find((room) => room.id === id);
  }

  /** A new snapshot of everything. */
  take(mine: Mine): void {
    for (const room of mine.rooms) {
      this.#counted.set(room.id, room.last_seq);
      this.#told.set(room.id, room.last_seq);
    }
    this.all = mine.rooms.filter((room) => !room.hidden);
    this.townReports = mine.reports ?? 0;
  }

  /** Fresh facts and counts of one room, from its own answer. */
  put(room: Room): void {
    if (room.role === 'none') return;
    this.#counted.set(room.id, room.last_seq);
    const others = (this.all ?? []).filter((other) => other.id !== room.id);
    if (room.archived_at || room.hidden) this.all = others;
    else this.all = [...others, room].sort((a, b) => b.last_at.localeCompare(a.last_at));
  }

  /** A new message in a room whose topic is joined. Only whom it calls gets a bump for it too, and before. */
  heard(roomId: string, message: Message): void {
    const said = message.kind === 'text' || message.kind === 'call';
    this.bumped({
      room_id: roomId,
      seq: message.rev,
      message_seq: message.seq,
      author: message.author,
      unread: said ? 1 : 0,
      mentions: 0,
      silent: message.silent ?? false,
      ...(said ? { at: message.created_at } : {}),
    });
  }

  bumped(bump: Bump): void {
    const room = this.find(bump.room_id);
    const counted = this.#counted.get(bump.room_id) ?? 0;
    this.#tell(bump);
    if (!room) return void this.#fetch(bump.room_id);
    if (bump.seq <= counted) return;
    // A lost notice must not leave a wrong number behind.
    if (bump.seq > counted + 1) return void this.#fetch(bump.room_id);
    this.#counted.set(room.id, bump.seq);
    this.#change(room.id, (old) => ({ ...old, last_seq: bump.seq, ...this.#counts(old, bump) }));
    if (bump.at) this.#raise(room.id, bump.at);
  }

  #tell(bump: Bump): void {
    if (bump.unread <= 0 || bump.message_seq <= (this.#told.get(bump.room_id) ?? 0)) return;
    this.#told.set(bump.room_id, bump.message_seq);
    if (bump.author.id !== this.#deps.me()) this.#deps.came?.(bump);
  }

  #counts(room: Room, bump: Bump): Partial<Room> {
    if (bump.author.id === this.#deps.me()) {
      // Who writes has read; entries of the house are not writing.
      return bump.unread > 0 ? { read_seq: bump.message_seq, unread: 0, mentions: 0 } : {};
    }
    if (bump.message_seq <= room.read_seq) return {};
    return {
      unread: Math.max(0, room.unread + bump.unread),
      mentions: Math.max(0, room.mentions + bump.mentions),
    };
  }

  /** The person has read, here or on another device. */
  read(mark: ReadMark): void {
    if (mark.seq < (this.#counted.get(mark.room_id) ?? 0)) return void this.#fetch(mark.room_id);
    this.#counted.set(mark.room_id, mark.seq);
    this.#change(mark.room_id, (room) => ({
      ...room,
      read_seq: mark.read_seq,
      unread: mark.unread,
      mentions: mark.mentions,
    }));
  }

  facts(facts: RoomFacts): void {
    // A group is called after its people.
    const group = this.find(facts.room_id)?.kind === 'group';
    if (group && facts.members !== this.find(facts.room_id)?.members) this.#fetch(facts.room_id);
    this.#change(facts.room_id, (room) => ({
      ...room,
      name: facts.name,
      topic: facts.topic,
      description: facts.description,
      color: facts.color,
      emoji: facts.emoji,
      picture: facts.picture,
      slow_seconds: facts.slow_seconds,
      call: facts.call,
      members: facts.members,
      expire_after: facts.expire_after,
    }));
  }

  /** What the person wants of a room, said here or on another device. */
  wished({ room_id, level, muted_until }: RoomWishes): void {
    this.#change(room_id, ({ muted_until: _, ...room }) => ({
      ...room,
      level,
      ...(muted_until ? { muted_until } : {}),
    }));
  }

  /** The person took a conversation out of the list, here or on another device, or wants it back. */
  hidden({ room_id, hidden }: RoomHidden): void {
    if (!hidden) return this.#fetch(room_id);
    this.#counted.delete(room_id);
    this.all = (this.all ?? []).filter((room) => room.id !== room_id);
  }

  /** So many reports wait in a room that the person moderates. */
  reported({ room_id, open }: { room_id: string; open: number }): void {
    this.#change(room_id, (room) => ({ ...room, reports: open }));
  }

  gone({ room_id, reason, name }: RoomGone): void {
    if (reason === 'deleted') {
      this.deleted = new Map(this.deleted).set(room_id, name ?? '');
      this.#deps.ended?.(room_id, name ?? '');
    }
    this.#counted.delete(room_id);
    this.all = (this.all ?? []).filter((room) => room.id !== room_id);
  }

  clear(): void {
    this.all = null;
    this.townReports = 0;
    this.#counted.clear();
    this.#told.clear();
  }

  #fetch(roomId: string): void {
    this.#deps.load(roomId).then(
      (room) => this.put(room),
      () => undefined,
    );
  }

  #change(roomId: string, change: (room: Room) => Room): void {
    this.all = (this.all ?? []).map((room) => (room.id === roomId ? change(room) : room));
  }

  #raise(roomId: string, at: string): void {
    const rooms = (this.all ?? []).map((room) => (room.id === roomId ? { ...room, last_at: at } : room));
    this.all = rooms.sort((a, b) => b.last_at.localeCompare(a.last_at));
  }

  /** Follows what the server tells the person; call the result to stop. */
  follow(): () => void {
    const ends = [
      live.onState((state) => state === 'stopped' && this.clear()),
      live.onMePart('chat', (part) => this.take(part as Mine)),
      live.onMe('room_bumped', (data) => this.bumped(data as Bump)),
      live.onMe('room_read', (data) => this.read(data as ReadMark)),
      live.onMe('room_wishes', (data) => this.wished(data as RoomWishes)),
      live.onMe('room_hidden', (data) => this.hidden(data as RoomHidden)),
      live.onMe('room_updated', (data) => this.facts(data as RoomFacts)),
      live.onMe('room_silenced', (data) => this.#fetch((data as RoomAdded).room_id)),
      live.onMe('room_blocked', (data) => this.#fetch((data as RoomAdded).room_id)),
      live.onMe('room_reported', (data) => this.reported(data as { room_id: string; open: number })),
      live.onMe('town_reported', (data) => {
        this.townReports = (data as { open: number }).open;
      }),
      live.onMe('room_added', (data) => this.#fetch((data as RoomAdded).room_id)),
      live.onMe('room_removed', (data) => this.gone(data as RoomGone)),
    ];
    return () => {
      for (const end of ends) end();
      this.clear();
    };
  }
}

/** Who hears that something came. */
const listeners = new Set<(bump: Bump) => void>();

/** Calls the listener for every new message of others, once; call the result to stop. */
export function onCame(listener: (bump: Bump) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const rooms = new Rooms({
  came: (bump) => {
    for (const listener of listeners) listener(bump);
  },
  ended: (_, name) => void toasts.show(t('rooms.delete.done', { room: name })),
  me: () => session.me?.id ?? null,
  load: (room) => call('GET /chat/rooms/{room}', { path: { room } }),
});
