import { call } from '../../lib/api/index.js';
import { Resource } from '../../lib/resource.svelte.js';
import type { Person, RoomMember } from './wire.js';

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

  async add(people: readonly Person[]): Promise<void> {
    await call('POST /chat/rooms/{room}/members', {
      path: { room: this.room },
      body: { user_ids: people.map((person) => person.id) },
    });
    this.reload();
  }

  async remove(user: string): Promise<void> {
    await call('DELETE /chat/rooms/{room}/members/{user}', { path: { room: this.room, user } });
    this.people.update(({ items }) => ({ items: items.filter((member) => member.id !== user) }));
  }

  async setRole(user: string, role: RoomMember['role']): Promise<void> {
    await call('PATCH /chat/rooms/{room}/members/{user}', {
      path: { room: this.room, user },
      body: { role },
    });
    this.people.update(({ items }) => ({
      items: items.map((member) => (member.id === user ? { ...member, role } : member)),
    }));
  }
}
