import {
  Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Bytes } from '../crypto/bytes.js';

export interface PresenceOptions {
  readonly doc: Y.Doc;
  /** Sends a frame payload that may be lost. */
  send(payload: Bytes): void;
  readonly throttleMs: number;
}

interface AwarenessChange {
  added: number[];
  updated: number[];
  removed: number[];
}

/** Carries cursors and names between the people in a pad. Nothing of it is stored. */
export class Presence {
  readonly awareness: Awareness;
  readonly #options: PresenceOptions;
  #online = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #greetTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.awareness = new Awareness(options.doc);
    this.awareness.on('update', this.#updated);
  }

  /** Takes what others sent. */
  receive(payload: Bytes): void {
    applyAwarenessUpdate(this.awareness, payload, this);
  }

  online(): void {
    this.#online = true;
    this.#send();
  }

  /** Nobody can be seen while offline. */
  offline(): void {
    this.#online = false;
    this.#clearTimers();
    removeAwarenessStates(this.awareness, this.#others(), this);
  }

  /** Says goodbye and ends. */
  stop(): void {
    this.awareness.setLocalState(null);
    this.#send();
    this.#online = false;
    this.#clearTimers();
    this.awareness.off('update', this.#updated);
    this.awareness.destroy();
  }

  readonly #updated = ({ added, updated }: AwarenessChange, origin: unknown): void => {
    if (origin !== this) {
      this.#timer ??= setTimeout(() => this.#send(), this.#options.throttleMs);
      return;
    }
    if (added.length > 0 && updated.length === 0) {
      this.#greet();
    }
  };

  // Who comes in hears from everybody else, spread over time when there are many.
  #greet(): void {
    const wait = Math.random() * Math.min(5_000, 50 * this.#others().length);
    this.#greetTimer ??= setTimeout(() => this.#send(), wait);
  }

  #send(): void {
    this.#clearTimers();
    if (this.#online) {
      this.#options.send(new Uint8Array(encodeAwarenessUpdate(this.awareness, [this.awareness.clientID])));
    }
  }

  #others(): number[] {
    return [...this.awareness.getStates().keys()].filter((client) => client !== this.awareness.clientID);
  }

  #clearTimers(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#greetTimer);
    this.#timer = undefined;
    this.#greetTimer = undefined;
  }
}
