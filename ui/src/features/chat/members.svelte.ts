import { call } from '../../lib/api/index.js';
import { Resource } from '../../lib/resource.svelte.js';
import type { Person, Role, RoomMember } from './wire.js';

/** The people of a room. */
export class Members {
  readonly room: string;
  readonly people: Resource<{ items: RoomMember[] }>;
  #asked = false;

  constructor(room: string) {
    this.room = room;
    this.people = new Resource((signal) =>
      call('GET /chat/rooms/{room}/members', { path: { room }, signal }),
    );
  }

  /** Loads them once; reload() asks again. */
  load(): void {
    if (this.#asked) return;
    this.reload();
  }

  reload(): void {
    this.#asked = true;
    this.people.load();
  }

  /** Everybody who can be called by name. */
  others(me: string): readonly Person[] {
    return (this.people.data?.items ?? []).filter((member) => member.active && member.id !== me);
  }

  /** Adds people, and everybody who is in the groups now. */
  async add(people: readonly string[], groups: readonly string[] = []): Promise<void> {
    await call('POST /chat/rooms/{room}/members', {
      path: { room: this.room },
      body: { user_ids: [...people], group_ids: [...groups] },
    });
    this.reload();
  }

  async remove(user: string): Promise<void> {
    await call('DELETE /chat/rooms/{room}/members/{user}', { path: { room: this.room, user } });
    this.people.update(({ items }) => ({ items: items.filter((member) => member.id !== user) }));
  }

  async setRole(user: string, role: Exclude<Role, 'guest'>): Promise<void> {
    await call('PATCH /chat/rooms/{room}/members/{user}', {
      path: { room: this.room, user },
      body: { role },
    });
    this.#change(user, (member) => ({ ...member, role }));
  }

  /** Keeps somebody from writing for so many minutes; 0 lets them speak again. */
  async silence(user: string, minutes: number): Promise<void> {
    const until = new Date(Date.now() + minutes * 60_000).toISOString();
    await call('PUT /chat/rooms/{room}/members/{user}/silence', {
      path: { room: this.room, user },
      body: { until },
    });
    this.#change(user, ({ silenced_until: _, ...member }) =>
      minutes > 0 ? { ...member, silenced_until: until } : member,
    );
  }

  #change(user: string, change: (member: RoomMember) => RoomMember): void {
    this.people.update(({ items }) => ({
      items: items.map((member) => (member.id === user ? change(member) : member)),
    }));
  }
}
