import { live } from '../../lib/realtime/index.js';
import { OpenRoom } from './open-room.svelte.js';

const mostKept = 10;
/** A pointer that rests this long on a room probably wants it. */
const restAfter = 60;

/** The rooms that were open lately, so that coming back shows them at once. */
export class Shelf {
  #rooms = new Map<string, OpenRoom>();
  #make: (id: string) => OpenRoom;

  constructor(make: (id: string) => OpenRoom) {
    this.#make = make;
  }

  /** The room as it was left, or a fresh one, to be shown now. */
  take(id: string): OpenRoom {
    performance.mark('room wanted');
    return this.#get(id);
  }

  #get(id: string): OpenRoom {
    const kept = this.#rooms.get(id);
    // What failed or ended must not stay so for ever.
    const room = kept?.phase === 'ready' || kept?.phase === 'loading' ? kept : this.#make(id);
    this.#rooms.delete(id);
    this.#rooms.set(id, room);
    for (const oldest of this.#rooms.keys()) {
      if (this.#rooms.size <= mostKept) break;
      this.#rooms.delete(oldest);
    }
    return room;
  }

  /** Fetches a room that is about to be opened. */
  prepare(id: string): void {
    if (this.#rooms.has(id)) return;
    const room = this.#get(id);
    room.prepare().catch(() => this.#rooms.delete(id));
  }

  clear(): void {
    this.#rooms.clear();
  }
}

export const shelf = new Shelf((id) => new OpenRoom(id));

// Somebody signed out: nothing of theirs stays.
live.onState((state) => {
  if (state === 'stopped') shelf.clear();
});

/** Gets a room ready when the pointer rests on its line or the finger comes down. */
export function preparing(id: () => string) {
  return (line: HTMLElement) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const rest = () => {
      timer = setTimeout(() => shelf.prepare(id()), restAfter);
    };
    const leave = () => clearTimeout(timer);
    const press = () => shelf.prepare(id());
    line.addEventListener('pointerenter', rest);
    line.addEventListener('pointerleave', leave);
    line.addEventListener('pointerdown', press);
    return () => {
      leave();
      line.removeEventListener('pointerenter', rest);
      line.removeEventListener('pointerleave', leave);
      line.removeEventListener('pointerdown', press);
    };
  };
}
