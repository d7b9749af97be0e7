import type { PictureKind, Slot, SourceKind } from './wire.js';

/** Which stream of the fixed pool carries whom at the moment. Streams come with the connection and stay. */
export class Slots {
  #tracks = $state.raw<ReadonlyMap<string, MediaStreamTrack>>(new Map());
  #slots = $state.raw<readonly Slot[]>([]);

  /** The connection has brought a stream; its place is named by mid. */
  carry(mid: string, track: MediaStreamTrack): void {
    this.#tracks = new Map(this.#tracks).set(mid, track);
  }

  /** The connection is gone and its streams with it. */
  clear(): void {
    this.#tracks = new Map();
    this.#slots = [];
  }

  map(slots: readonly Slot[]): void {
    this.#slots = slots;
  }

  /** The picture of somebody, or null while none is sent. One that is held back stands still. */
  picture(participant: string, kind: PictureKind): MediaStreamTrack | null {
    const slot = this.#find(participant, kind);
    return slot ? (this.#tracks.get(slot.mid) ?? null) : null;
  }

  /** The line is too narrow for somebody's picture. */
  held(participant: string, kind: PictureKind): boolean {
    return this.#find(participant, kind)?.paused === true;
  }

  /** How many pictures are held back. */
  get paused(): number {
    return this.#slots.filter((slot) => slot.paused).length;
  }

  /** All streams of sound; silence on those that carry nobody costs nothing. */
  get sounds(): readonly MediaStreamTrack[] {
    return [...this.#tracks.values()].filter((track) => track.kind === 'audio');
  }

  #find(participant: string, kind: SourceKind): Slot | undefined {
    return this.#slots.find((slot) => slot.participant === participant && slot.kind === kind);
  }
}
