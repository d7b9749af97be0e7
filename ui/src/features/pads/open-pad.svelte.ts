import { call, FaultError } from '../../lib/api/index.js';
import { sealingAvailable } from '../../lib/crypto/aead.js';
import { toBase64, utf8 } from '../../lib/crypto/bytes.js';
import type { PadSecret } from '../../lib/crypto/padkeys.js';
import { LiveTransport } from '../../lib/padsync/live.js';
import type { Sealer } from '../../lib/padsync/sealer.js';
import { PadSession, type SaveState } from '../../lib/padsync/session.js';
import { session as account } from '../../lib/session.svelte.js';
import { drafts } from '../../lib/storage/store.js';
import { birthOf, fieldOf, textIn, titleIn } from './document.js';
import { guestName } from './guest-name.svelte.js';
import { keepSecret, secretOf } from './keyring.js';
import { type Pad, sealerFor } from './pad.js';
import { calledName, type Named, readNamed } from './present.js';
import { vaultFor } from './vaults.js';

/** Somebody in the pad. */
export interface Present extends Named {
  readonly me: boolean;
}

/** Why a pad cannot be shown. */
export type Problem =
  | { readonly kind: 'key_missing' }
  | { readonly kind: 'key_wrong' }
  | { readonly kind: 'insecure' }
  | { readonly kind: 'ended'; readonly code: string }
  | { readonly kind: 'broken' }
  | { readonly kind: 'fault'; readonly error: unknown };

const titleDelay = 1_200;
const keptView = (pad: string) => `pad-view:${pad}`;

/** One pad on the screen: its data, its session and what the components show of them. */
export class OpenPad {
  readonly id: string;
  pad = $state.raw<Pad | null>(null);
  problem = $state.raw<Problem | null>(null);
  session = $state.raw<PadSession | null>(null);
  secret = $state.raw<PadSecret | null>(null);
  save = $state.raw<SaveState>({ word: 'loading' });
  ready = $state(false);
  present = $state.raw<readonly Present[]>([]);
  title = $state('');
  /** Frames that could not be opened and were passed over. */
  unreadable = $state(0);
  #given: PadSecret | null;
  #sealer: Sealer | null = null;
  #titleTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(id: string, given: PadSecret | null = null) {
    this.id = id;
    this.#given = given;
  }

  get canWrite(): boolean {
    return this.session?.canWrite ?? false;
  }

  /** Guests who came by a link have no name unless they give themselves one. */
  get nameless(): boolean {
    return account.me?.role === 'guest' && account.me.name === '';
  }

  get #user(): Named {
    const { id = '', name = '', role } = account.me ?? {};
    return { id, name: name || guestName.value, guest: role === 'guest' };
  }

  /** Tells the others what a guest is called from now on. */
  tellName(): void {
    this.session?.awareness.setLocalStateField('user', this.#user);
  }

  /** Opens the pad; call the result to close it. */
  open(): () => void {
    const hide = () => document.visibilityState === 'hidden' && void this.session?.keep();
    const unload = (event: BeforeUnloadEvent) => this.session?.unkept && event.preventDefault();
    document.addEventListener('visibilitychange', hide);
    addEventListener('beforeunload', unload);
    void this.#load();
    return () => {
      this.#closed = true;
      document.removeEventListener('visibilitychange', hide);
      removeEventListener('beforeunload', unload);
      this.#end();
    };
  }

  /** Tries again after a problem. */
  retry(): void {
    this.problem = null;
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const pad = await this.#read();
      const secret = pad.class === 'confidential' ? await this.#findSecret() : null;
      if (this.#closed) return;
      this.pad = pad;
      await this.#start(pad, secret);
    } catch (error) {
      if (error instanceof Error && error.name === 'WrongSecret') this.problem = { kind: 'key_wrong' };
      else this.problem = { kind: 'fault', error };
    }
  }

  // Without a network a pad that was opened before opens from what this device has kept.
  async #read(): Promise<Pad> {
    try {
      const pad = await call('GET /pads/{pad}', { path: { pad: this.id } });
      if (account.me?.role !== 'guest') await drafts.set(keptView(this.id), pad).catch(() => undefined);
      return pad;
    } catch (error) {
      const kept =
        error instanceof FaultError && error.code === 'offline' ? await drafts.get(keptView(this.id)) : null;
      if (isPad(kept)) return kept;
      throw error;
    }
  }

  async #findSecret(): Promise<PadSecret | null> {
    if (this.#given !== null && account.me?.role !== 'guest')
      await keepSecret(this.id, this.#given).catch(() => undefined);
    const known = await secretOf(this.id).catch(() => null);
    return this.#given?.right === 'edit' ? this.#given : (known ?? this.#given);
  }

  async #start(pad: Pad, secret: PadSecret | null): Promise<void> {
    if (pad.class === 'confidential' && !sealingAvailable()) {
      this.problem = { kind: 'insecure' };
      return;
    }
    const sealer = await sealerFor(pad, secret);
    if (sealer === null) {
      this.problem = { kind: 'key_missing' };
      return;
    }
    const vault = await vaultFor(account.me?.role === 'guest');
    if (this.#closed) return;
    this.secret = secret;
    this.#sealer = sealer;
    const transport = new LiveTransport({ pad: this.id, title: () => undefined });
    const session: PadSession = new PadSession({
      pad: this.id,
      sealer,
      transport,
      vault,
      birth: birthOf(pad.first_title ?? ''),
      shadow: () => textIn(session.doc),
    });
    this.#watch(session);
    this.session = session;
    await session.start();
  }

  #watch(session: PadSession): void {
    session.awareness.setLocalStateField('user', this.#user);
    // A caret that goes because the page goes tells so in the middle of a redraw, which must not change state.
    session.awareness.on('change', () => queueMicrotask(() => this.#peopleChanged(session)));
    this.#peopleChanged(session);
    session.subscribe(() => this.#stateChanged(session));
    fieldOf(session.doc).observeDeep((_events, change) => this.#textChanged(session, change.local));
    this.#textChanged(session, false);
  }

  #stateChanged(session: PadSession): void {
    if (this.#closed || this.session !== session) return;
    this.save = session.state;
    this.ready = session.ready;
    this.unreadable = session.broken;
    if (session.state.word === 'broken') this.problem = { kind: 'broken' };
    if (session.state.word !== 'closed') return;
    const { code } = session.state;
    this.#end();
    // The right is another one now: the same pad is opened again with it.
    if (code === 'access_changed') void this.#load();
    else this.problem = { kind: 'ended', code };
  }

  #textChanged(session: PadSession, local: boolean): void {
    const title = titleIn(session.doc);
    if (title === this.title) return;
    this.title = title;
    if (local && session.canWrite) {
      clearTimeout(this.#titleTimer);
      this.#titleTimer = setTimeout(() => void this.#tellTitle(), titleDelay);
    }
  }

  async #tellTitle(): Promise<void> {
    const path = { pad: this.id };
    const title = this.title;
    try {
      if (this.#sealer?.class === 'confidential') {
        const frame = toBase64(await this.#sealer.seal('title', utf8(title)));
        await call('PATCH /pads/{pad}', { path, body: { title_frame: frame } });
      } else {
        await call('PATCH /pads/{pad}', { path, body: { title } });
      }
    } catch {
      // The title is part of the text; lists learn it with the next change.
    }
  }

  #peopleChanged(session: PadSession): void {
    if (this.#closed) return;
    const people = new Map<string, Present>();
    for (const [client, state] of session.awareness.getStates()) {
      const me = client === session.doc.clientID;
      const { id, name, guest } = readNamed(state.user);
      const key = id === '' ? String(client) : id;
      if (me || !people.has(key)) people.set(key, { id: key, name, guest, me });
    }
    this.present = [...people.values()].sort(
      (a, b) => Number(b.me) - Number(a.me) || calledName(a).localeCompare(calledName(b)),
    );
  }

  #end(): void {
    const { session } = this;
    this.session = null;
    this.ready = false;
    if (this.#titleTimer !== undefined) {
      clearTimeout(this.#titleTimer);
      if (this.title !== '') void this.#tellTitle();
      this.#titleTimer = undefined;
    }
    void session?.stop();
  }
}

function isPad(value: unknown): value is Pad {
  return typeof value === 'object' && value !== null && 'id' in value && 'class' in value && 'epoch' in value;
}
