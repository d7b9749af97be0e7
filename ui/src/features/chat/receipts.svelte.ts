import { SvelteMap } from 'svelte/reactivity';
import { call } from '../../lib/api/index.js';
import { live } from '../../lib/realtime/index.js';
import { personal } from './personal.svelte.js';
import type { Message, ReceiptEvent, Room } from './wire.js';

/** Up to where people have read rooms of announcements, as far as they tell it. */
class Receipts {
  /** By room and person. */
  #rooms = new SvelteMap<string, SvelteMap<string, number>>();
  #asked = new Set<string>();

  /** Whether the person is told who has read what is announced in this room. */
  sees(room: Room | null | undefined): room is Room {
    return (
      room?.form === 'announcement' &&
      room.can_moderate &&
      personal.policies.read_receipts === 'optional' &&
      personal.settings.receipts
    );
  }

  /** Asks once for a room; from then on changes are told. */
  want(room: string): void {
    if (this.#asked.has(room)) return;
    this.#asked.add(room);
    call('GET /chat/rooms/{room}/receipts', { path: { room } }).then(
      ({ items }) => {
        this.#rooms.set(room, new SvelteMap(items.map((one) => [one.person_id, one.read_seq])));
      },
      () => void this.#asked.delete(room),
    );
  }

  /** How many have read a message, not counting who wrote it; null while nobody knows. */
  count(room: string, message: Message): number | null {
    const known = this.#rooms.get(room);
    if (!known) return null;
    let count = 0;
    for (const [person, seq] of known) if (person !== message.author.id && seq >= message.seq) count += 1;
    return count;
  }

  heard({ room_id, person_id, read_seq }: ReceiptEvent): void {
    this.#rooms.get(room_id)?.set(person_id, read_seq);
  }

  clear(): void {
    this.#asked.clear();
    this.#rooms.clear();
  }

  /** Follows what the server tells the person; call the result to stop. */
  follow(): () => void {
    const ends = [
      live.onMe('receipt', (data) => this.heard(data as ReceiptEvent)),
      // What was told while there was no connection is asked for again; what is known stays until then.
      live.onState((state) => {
        if (state === 'stopped') this.clear();
        else if (state === 'open') {
          const rooms = [...this.#asked];
          this.#asked.clear();
          for (const room of rooms) this.want(room);
        }
      }),
    ];
    return () => {
      for (const end of ends) end();
      this.clear();
    };
  }
}

export const receipts = new Receipts();
