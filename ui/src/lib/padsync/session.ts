import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Bytes } from '../crypto/bytes.js';
import { decodeBatch } from './batch.js';
import { Incoming } from './incoming.js';
import { Outgoing } from './outgoing.js';
import { Presence } from './presence.js';
import type { Sealer } from './sealer.js';
import { defaultPolicy, encodeVerified, SnapshotDuty, type SnapshotPolicy } from './snapshots.js';
import { type CatchUp, type PadTransport, TransportError } from './transport.js';
import type { PadVault } from './vault.js';

/** Where the edits of this person are. */
export type SaveState =
  | { readonly word: 'loading' }
  | { readonly word: 'saved' }
  | { readonly word: 'saving' }
  /** Kept: closing the tab loses nothing. */
  | { readonly word: 'offline'; readonly waiting: number; readonly kept: boolean }
  /** The server does not take edits any more; they are still on this device. */
  | { readonly word: 'refused'; readonly code: string }
  /** The pad cannot be read. */
  | { readonly word: 'broken' }
  | { readonly word: 'closed'; readonly code: string };

export interface PadSessionOptions {
  readonly pad: string;
  readonly sealer: Sealer;
  readonly transport: PadTransport;
  readonly vault: PadVault;
  /**
   * The update every document of this kind begins with. All clients apply the same bytes, so that
   * two people who open an empty pad at the same time do not both create its first lines.
   */
  readonly birth?: Bytes;
  /** The readable text that goes with a snapshot of an organisation pad. */
  readonly shadow?: () => string;
  readonly policy?: SnapshotPolicy;
  readonly batchMs?: number;
  readonly retryMs?: number;
  readonly gapMs?: number;
  readonly copyMs?: number;
}

/**
 * One open pad in one tab: a Yjs document that follows the pad's log. It needs neither DOM nor
 * framework. `start` and `stop` are called once each; afterwards the session is used up.
 */
export class PadSession {
  readonly doc = new Y.Doc();
  readonly #options: PadSessionOptions;
  readonly #outgoing: Outgoing;
  readonly #presence: Presence;
  readonly #duty: SnapshotDuty;
  readonly #listeners = new Set<() => void>();
  #incoming: Incoming;
  #online = false;
  #hasContent = false;
  #end: SaveState | null = null;
  #copyTimer: ReturnType<typeof setTimeout> | undefined;
  #againTimer: ReturnType<typeof setTimeout> | undefined;
  // Rises with every join and leave, so that a slow catch-up knows it is out of date.
  #joins = 0;
  #started = false;
  #stopped = false;

  constructor(options: PadSessionOptions) {
    this.#options = options;
    this.#outgoing = new Outgoing({
      pad: options.pad,
      sealer: options.sealer,
      vault: options.vault,
      append: (frames) => options.transport.append(frames),
      stored: (seq, size) => this.#stored(seq, size),
      changed: () => this.#changed(),
      batchMs: options.batchMs ?? 60,
      retryMs: options.retryMs ?? 500,
    });
    this.#presence = new Presence({
      doc: this.doc,
      throttleMs: 100,
      send: (payload) => void this.#sendAwareness(payload),
    });
    this.#duty = new SnapshotDuty({
      policy: options.policy ?? defaultPolicy,
      offer: () => this.#offerSnapshot(),
    });
    this.#incoming = this.#newIncoming(-1);
    if (options.birth !== undefined) {
      Y.applyUpdate(this.doc, options.birth, this);
    }
    this.doc.on('update', this.#edited);
  }

  get awareness(): Awareness {
    return this.#presence.awareness;
  }

  /** The last position of the log that is part of the document without a gap, -1 before loading. */
  get seq(): number {
    return this.#incoming.seq;
  }

  get canWrite(): boolean {
    return this.#options.sealer.canWrite;
  }

  get online(): boolean {
    return this.#online;
  }

  /** True once there is a document to show, be it from this device or from the server. */
  get ready(): boolean {
    return this.#hasContent;
  }

  /** Frames of the log that could not be opened. */
  get broken(): number {
    return this.#incoming.broken;
  }

  /** True while closing the tab would lose an edit. */
  get unkept(): boolean {
    return this.#outgoing.unkept;
  }

  get state(): SaveState {
    if (this.#end !== null) {
      return this.#end;
    }
    if (this.#outgoing.refused !== null) {
      return { word: 'refused', code: this.#outgoing.refused };
    }
    if (!this.#hasContent) {
      return { word: 'loading' };
    }
    if (!this.#online) {
      return { word: 'offline', waiting: this.#outgoing.waiting, kept: !this.#outgoing.unkept };
    }
    return { word: this.#outgoing.waiting > 0 ? 'saving' : 'saved' };
  }

  /** Calls listen after every change of state; call the result to stop that. */
  subscribe(listen: () => void): () => void {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  /** Opens what this device has kept, then follows the server. */
  async start(): Promise<void> {
    if (this.#started) {
      throw new Error('a pad session starts once');
    }
    this.#started = true;
    await this.#loadKept();
    if (this.#stopped) {
      return;
    }
    this.#options.transport.start({
      position: () => this.#incoming.seq,
      joined: (catchUp) => void this.#joined(catchUp),
      left: () => this.#left(),
      update: (seq, frame) => void this.#received(seq, frame),
      awareness: (frame) => void this.#receiveAwareness(frame),
      snapshotTaken: (covers) => this.#duty.taken(covers),
      closed: (code) => void this.#close({ word: 'closed', code }),
    });
  }

  /** Keeps gathered edits and the document on this device, as when the page is hidden. */
  async keep(): Promise<void> {
    await this.#outgoing.flush();
    await this.#keepCopy();
  }

  async stop(): Promise<void> {
    if (this.#stopped) {
      return;
    }
    this.#stopped = true;
    this.doc.off('update', this.#edited);
    this.#presence.stop();
    await this.#outgoing.stop();
    await this.#keepCopy();
    this.#halt();
    this.doc.destroy();
    this.#listeners.clear();
  }

  #newIncoming(seq: number): Incoming {
    const { transport, gapMs } = this.#options;
    return new Incoming(seq, {
      applier: {
        applyUpdate: (frame) => this.#applyUpdate(frame),
        applySnapshot: (frame, covers) => this.#applySnapshot(frame, covers),
      },
      fetch: (after, options) => transport.fetch(after, options),
      gap: () => void this.#fillGap(),
      gapMs: gapMs ?? 800,
    });
  }

  readonly #edited = (update: Uint8Array, origin: unknown): void => {
    if (origin !== this && this.canWrite) {
      this.#outgoing.add(update);
    }
  };

  async #loadKept(): Promise<void> {
    const { vault, pad, sealer } = this.#options;
    try {
      const copy = await vault.copy(pad);
      if (copy !== null) {
        const { payload, covers } = await sealer.open('local', copy);
        Y.applyUpdate(this.doc, payload, this);
        this.#incoming = this.#newIncoming(covers);
        this.#hasContent = true;
      }
      const pending = await vault.pending(pad);
      for (const { frame } of pending) {
        await this.#applyUpdate(frame);
      }
      if (this.canWrite) {
        this.#outgoing.adopt(pending);
      }
    } catch {
      // Whatever cannot be read here is loaded from the server, which has every acknowledged edit.
    }
    this.#changed();
  }

  async #joined(catchUp: CatchUp): Promise<void> {
    this.#joins += 1;
    const join = this.#joins;
    try {
      await this.#incoming.catchUp(catchUp);
    } catch (error) {
      this.#failedToRead(error, () => this.#rejoin(join));
      return;
    }
    if (this.#stopped || this.#end !== null || join !== this.#joins) {
      return;
    }
    // With a wrong key nothing opens. An empty page would be a lie.
    if (this.#incoming.broken > 0 && this.#incoming.opened === 0 && !this.#hasContent) {
      await this.#close({ word: 'broken' });
      return;
    }
    this.#hasContent = true;
    this.#online = true;
    this.#duty.reset(catchUp.latestSnapshot, catchUp.tailBytes);
    this.#outgoing.online();
    this.#presence.online();
    this.#keepCopySoon();
    this.#changed();
  }

  async #rejoin(join: number): Promise<void> {
    if (join !== this.#joins || this.#stopped) {
      return;
    }
    try {
      const catchUp = await this.#options.transport.fetch(this.#incoming.seq);
      if (join === this.#joins) {
        await this.#joined(catchUp);
      }
    } catch (error) {
      this.#failedToRead(error, () => this.#rejoin(join));
    }
  }

  #left(): void {
    this.#joins += 1;
    this.#online = false;
    this.#outgoing.offline();
    this.#presence.offline();
    this.#changed();
  }

  async #received(seq: number, frame: Bytes): Promise<void> {
    await this.#incoming.update(seq, frame);
    this.#duty.count(this.#incoming.seq, frame.length, false);
    this.#keepCopySoon();
  }

  #stored(seq: number, size: number): void {
    void this.#incoming.own(seq).then(() => this.#duty.count(this.#incoming.seq, size, true));
    this.#keepCopySoon();
  }

  async #fillGap(): Promise<void> {
    if (!this.#online) {
      return;
    }
    try {
      await this.#incoming.catchUp(await this.#options.transport.fetch(this.#incoming.seq));
    } catch (error) {
      this.#failedToRead(error, () => this.#fillGap());
    }
  }

  // What the network did is tried again; what cannot be opened will never open.
  #failedToRead(error: unknown, again: () => Promise<void>): void {
    if (this.#stopped || this.#end !== null) {
      return;
    }
    if (error instanceof TransportError) {
      if (error.final) {
        void this.#close({ word: 'closed', code: error.code });
        return;
      }
      clearTimeout(this.#againTimer);
      this.#againTimer = setTimeout(() => void again(), 4 * (this.#options.retryMs ?? 500));
      return;
    }
    void this.#close({ word: 'broken' });
  }

  async #applyUpdate(frame: Bytes): Promise<void> {
    const { payload } = await this.#options.sealer.open('update', frame);
    const updates = decodeBatch(payload);
    updates.forEach(checkForm);
    this.doc.transact(() => {
      for (const update of updates) {
        Y.applyUpdate(this.doc, update, this);
      }
    }, this);
  }

  async #applySnapshot(frame: Bytes, covers: number): Promise<void> {
    const opened = await this.#options.sealer.open('snapshot', frame);
    if (opened.covers !== covers) {
      throw new RangeError('the snapshot covers something else');
    }
    checkForm(opened.payload);
    Y.applyUpdate(this.doc, opened.payload, this);
  }

  async #offerSnapshot(): Promise<number> {
    await this.#incoming.settled();
    const covers = this.#incoming.seq;
    const fit = this.canWrite && this.#online && !this.#incoming.hasGap && this.#incoming.broken === 0;
    const state = fit ? encodeVerified(this.doc) : null;
    if (state === null) {
      throw new Error('not fit for a snapshot now');
    }
    const shadow = this.#options.sealer.class === 'organisation' ? (this.#options.shadow?.() ?? null) : null;
    return this.#options.transport.snapshot(
      await this.#options.sealer.seal('snapshot', state, covers),
      shadow,
    );
  }

  async #sendAwareness(payload: Bytes): Promise<void> {
    this.#options.transport.awareness(await this.#options.sealer.seal('awareness', payload));
  }

  async #receiveAwareness(frame: Bytes): Promise<void> {
    try {
      const { payload } = await this.#options.sealer.open('awareness', frame);
      if (!this.#stopped) {
        this.#presence.receive(payload);
      }
    } catch {
      // A cursor that cannot be read is not worth a word; the next one comes in a moment.
    }
  }

  #keepCopySoon(): void {
    this.#copyTimer ??= setTimeout(() => void this.#keepCopy(), this.#options.copyMs ?? 10_000);
  }

  async #keepCopy(): Promise<void> {
    clearTimeout(this.#copyTimer);
    this.#copyTimer = undefined;
    const covers = this.#incoming.seq;
    if (covers < 0 || this.#end !== null) {
      return;
    }
    const state = new Uint8Array(Y.encodeStateAsUpdate(this.doc));
    try {
      await this.#options.vault.setCopy(
        this.#options.pad,
        await this.#options.sealer.seal('local', state, covers),
      );
    } catch {
      // Without a copy the pad opens from the server only.
    }
  }

  async #close(end: SaveState): Promise<void> {
    this.#end = end;
    this.#left();
    this.#halt();
    this.#changed();
    if (end.word === 'closed' && end.code !== 'access_changed') {
      await this.#options.vault.setCopy(this.#options.pad, null).catch(() => undefined);
    }
  }

  #halt(): void {
    this.#options.transport.stop();
    this.#incoming.stop();
    this.#duty.stop();
    clearTimeout(this.#againTimer);
    clearTimeout(this.#copyTimer);
    this.#copyTimer = undefined;
  }

  #changed(): void {
    for (const listen of [...this.#listeners]) {
      listen();
    }
  }
}

// Bytes that are no update would leave the document half changed: they are refused before.
function checkForm(update: Bytes): void {
  Y.decodeUpdate(update);
}
