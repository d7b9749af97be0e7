import { FaultError } from '../../lib/api/fault.js';
import type { Follower } from '../../lib/realtime/index.js';
import type { Devices } from './devices.svelte.js';
import type { Peers, PeersInit } from './peers.js';
import { People } from './people.svelte.js';
import { judge, type Quality, type Reading } from './quality.js';
import { Slots } from './slots.svelte.js';
import type { Entered, Joined, LinkName, Person, Slot, SourceKind, Speaking, Summary, Tile } from './wire.js';

/** The socket, as far as a call needs it. */
export interface Line {
  join(topic: string, follower: Follower): () => void;
  ask<T = unknown>(topic: string, op: string, data?: object): Promise<T>;
  onState(listener: (state: string) => void): () => void;
}

/** The media connections, as far as a call needs them. */
export type Media = Pick<Peers, 'open' | 'restart' | 'send' | 'state' | 'reading' | 'close'>;

/** What happened, for whoever wants to say it aloud. */
export type Notice =
  | { readonly kind: 'came' | 'left'; readonly name: string }
  | { readonly kind: 'muted'; readonly by: string; readonly source: SourceKind }
  | { readonly kind: 'back' };

export interface CallDeps {
  readonly line: Line;
  readonly devices: Devices;
  readonly media: (init: PeersInit) => Media;
  readonly screen: () => Promise<MediaStream>;
  /** The place in this call that a reloaded page had. */
  readonly token: { read(): string; write(token: string): void };
  readonly notice: (notice: Notice) => void;
  readonly now?: () => number;
}

/** entering: not in yet. inside: all is well. lost: the connection broke and is being mended. over: ended. */
export type Phase = 'entering' | 'inside' | 'lost' | 'over';

const mendAfter = 2_500;
const mendAgain = 5_000;
/** After so many attempts the connections are made anew. */
const mendAtMost = 4;

/** One call that this device takes part in, from entering to leaving. Knows no DOM. */
export class Call {
  readonly meeting: Summary;
  readonly people = new People();
  readonly slots = new Slots();
  phase = $state<Phase>('entering');
  /** Why it is over: "left", or the code of a fault. */
  reason = $state('');
  mic = $state(false);
  camera = $state(false);
  screen = $state.raw<MediaStreamTrack | null>(null);
  moderator = $state(false);
  videoSlots = $state(9);
  me = $state('');
  quality = $state<Quality>('good');
  detour = $state(false);
  #links = $state.raw<Readonly<Record<LinkName, RTCPeerConnectionState>>>({ up: 'new', down: 'new' });
  #deps: CallDeps;
  #topic: string;
  #media: Media | null = null;
  #token = '';
  #view = '';
  #tiles: readonly Tile[] = [];
  #mending: Partial<Record<LinkName, ReturnType<typeof setTimeout>>> = {};
  #attempts = 0;
  #ends: Array<() => void> = [];
  #online = true;

  constructor(meeting: Summary, deps: CallDeps) {
    this.meeting = meeting;
    this.#deps = deps;
    this.#topic = `meeting:${meeting.id}`;
  }

  /** Whether sound and picture flow both ways. */
  get flowing(): boolean {
    return this.#links.up === 'connected' && this.#links.down === 'connected';
  }

  get others(): readonly Person[] {
    return this.people.all.filter((person) => person.id !== this.me);
  }

  get ownCamera(): MediaStreamTrack | null {
    return this.#deps.devices.camera;
  }

  /** Goes in with what is to be on. */
  enter(mic: boolean, camera: boolean): void {
    this.mic = mic && this.#deps.devices.mic !== null;
    this.camera = camera && this.#deps.devices.camera !== null;
    this.#ends.push(
      this.#deps.line.onState((state) => this.#lineBecame(state === 'open')),
      this.#deps.line.join(this.#topic, {
        after: () => -1,
        joined: (answer) => void this.#joined(answer as Joined),
        event: (name, data) => this.#event(name, data),
        closed: (code) => this.#end(code),
      }),
    );
  }

  async setMic(on: boolean): Promise<void> {
    const track = on ? await this.#deps.devices.open('mic') : null;
    if (!on) this.#deps.devices.close('mic');
    this.mic = on && track !== null;
    await this.#switch('mic', this.mic, this.#deps.devices.mic);
  }

  async setCamera(on: boolean): Promise<void> {
    const track = on ? await this.#deps.devices.open('camera') : null;
    if (!on) this.#deps.devices.close('camera');
    this.camera = track !== null;
    await this.#switch('camera', this.camera, track);
  }

  /** Shows a screen or window that the browser lets the person choose. Choosing none is no error. */
  async startScreen(): Promise<void> {
    const stream = await this.#deps.screen().catch(() => null);
    const [picture] = stream?.getVideoTracks() ?? [];
    if (!stream || !picture || this.phase === 'over') return;
    const [sound] = stream.getAudioTracks();
    this.screen = picture;
    picture.contentHint = 'detail';
    picture.onended = () => void this.stopScreen();
    await this.#switch('screen', true, picture);
    if (sound) await this.#switch('screen_audio', true, sound);
  }

  async stopScreen(): Promise<void> {
    this.screen?.stop();
    this.screen = null;
    await this.#switch('screen_audio', false, null);
    await this.#switch('screen', false, null);
  }

  /** The person has chosen another device while the call runs. */
  async deviceChanged(kind: 'mic' | 'camera'): Promise<void> {
    const on = kind === 'mic' ? this.mic : this.camera;
    const track = this.#deps.devices.track(kind);
    if (on && !track) await (kind === 'mic' ? this.setMic(false) : this.setCamera(false));
    else if (on) await this.#media?.send(kind, track);
  }

  /** Tells the server what is on the screen, so that it sends nothing else. */
  look(tiles: readonly Tile[]): void {
    const view = JSON.stringify(tiles);
    this.#tiles = tiles;
    if (view === this.#view || this.phase !== 'inside') return;
    this.#view = view;
    this.#tell('view', { tiles });
  }

  mute(person: Person, kind: SourceKind): Promise<unknown> {
    return this.#ask('mute', { participant_id: person.id, kind });
  }

  remove(person: Person): Promise<unknown> {
    return this.#ask('remove', { participant_id: person.id });
  }

  endForAll(): Promise<unknown> {
    return this.#ask('end');
  }

  leave(): void {
    if (this.phase === 'over') return;
    this.#tell('exit');
    this.#end('left');
  }

  /** Looks at the line; call it every few seconds. */
  async measure(): Promise<Reading | null> {
    if (this.phase !== 'inside' || !this.#media) return null;
    const reading = await this.#media.reading(this.slots.paused).catch(() => null);
    if (reading) {
      this.quality = judge(reading);
      this.detour = reading.detour;
    }
    return reading;
  }

  async #joined(answer: Joined): Promise<void> {
    this.people.reset(answer.participants);
    await this.#comeIn();
  }

  async #comeIn(): Promise<void> {
    const stored = this.#token === '' ? this.#deps.token.read() : '';
    try {
      const entered = await this.#ask<Entered>('enter', {
        mic: this.mic,
        camera: this.camera,
        ...(this.#token === '' ? {} : { resume: this.#token }),
        ...(stored === '' ? {} : { replace: stored }),
      });
      if (this.phase !== 'over') await this.#entered(entered);
    } catch (cause) {
      const code = cause instanceof FaultError ? cause.code : 'internal';
      // Lost again on the way in: the next join tries anew.
      if (code !== 'offline') this.#end(code);
    }
  }

  async #entered(entered: Entered): Promise<void> {
    const wasLost = this.phase === 'lost';
    this.#token = entered.token;
    this.#deps.token.write(entered.token);
    this.me = entered.participant_id;
    this.moderator = entered.moderator;
    this.videoSlots = entered.pool.video;
    this.#view = '';
    if (entered.resumed && this.#media) {
      this.slots.map(entered.slots);
      this.people.hear(entered.speaking, this.#now());
      this.#become('inside');
      await Promise.all([this.#restart('up'), this.#restart('down'), this.#repeatSources()]);
    } else {
      await this.#connect(entered);
    }
    this.look(this.#tiles);
    if (wasLost) this.#deps.notice({ kind: 'back' });
  }

  async #connect(entered: Entered): Promise<void> {
    this.#media?.close();
    this.slots.clear();
    this.#links = { up: 'new', down: 'new' };
    const media = this.#deps.media({
      iceServers: entered.ice_servers,
      signals: {
        publish: async (sdp) => (await this.#ask<{ sdp: string }>('publish', { sdp })).sdp,
        offer: async (restart) => (await this.#ask<{ sdp: string }>('offer', { restart })).sdp,
        answer: async (sdp) => void (await this.#ask('answer', { sdp })),
      },
      carried: (mid, track) => this.#media === media && this.slots.carry(mid, track),
      changed: (link, state) => this.#media === media && this.#linkBecame(link, state),
    });
    this.#media = media;
    this.#become('inside');
    const { devices } = this.#deps;
    await Promise.all([
      media.send('mic', this.mic ? devices.mic : null),
      media.send('camera', this.camera ? devices.camera : null),
      media.send('screen', this.screen),
    ]);
    await media.open();
    if (this.screen) await this.#switch('screen', true, this.screen);
  }

  /** After a pause the server may know less than the person has done meanwhile. */
  async #repeatSources(): Promise<void> {
    const known = this.people.find(this.me);
    const now = { mic: this.mic, camera: this.camera, screen: this.screen !== null };
    for (const kind of ['mic', 'camera', 'screen'] as const) {
      if (known?.[kind] !== now[kind]) await this.#ask('source', { kind, on: now[kind] });
    }
  }

  async #switch(kind: SourceKind, on: boolean, track: MediaStreamTrack | null): Promise<void> {
    await this.#media?.send(kind, on ? track : null);
    this.#tell('source', { kind, on });
  }

  #event(name: string, data: unknown): void {
    switch (name) {
      case 'participant_joined':
      case 'participant_updated':
        return this.#changed(data as Person);
      case 'participant_left':
        return this.#left((data as { id: string }).id);
      case 'slots':
        return this.slots.map((data as { slots: readonly Slot[] }).slots);
      case 'speaking':
        return this.people.hear(data as Speaking, this.#now());
      case 'muted':
        return this.#muted(data as { kind: SourceKind; by: string });
    }
  }

  #changed(person: Person): void {
    if (this.people.put(person) && person.id !== this.me)
      this.#deps.notice({ kind: 'came', name: person.name });
  }

  #left(id: string): void {
    const person = this.people.remove(id);
    if (person && id !== this.me) this.#deps.notice({ kind: 'left', name: person.name });
  }

  #muted({ kind, by }: { kind: SourceKind; by: string }): void {
    this.#deps.notice({ kind: 'muted', by, source: kind });
    if (kind === 'mic') void this.setMic(false);
    if (kind === 'camera') void this.setCamera(false);
    if (kind === 'screen') void this.stopScreen();
  }

  #lineBecame(online: boolean): void {
    this.#online = online;
    if (!online && this.phase === 'inside') this.#become('lost');
  }

  /** A connection that stays broken for a moment gets another way through the network. */
  #linkBecame(link: LinkName, state: RTCPeerConnectionState): void {
    this.#links = { ...this.#links, [link]: state };
    clearTimeout(this.#mending[link]);
    if (this.flowing) this.#attempts = 0;
    if (state === 'failed') void this.#restart(link);
    else if (state === 'disconnected')
      this.#mending[link] = setTimeout(() => void this.#restart(link), mendAfter);
  }

  async #restart(link: LinkName): Promise<void> {
    clearTimeout(this.#mending[link]);
    if (this.phase === 'over' || !this.#media) return;
    if (this.#online) {
      this.#attempts += 1;
      if (this.#attempts > mendAtMost) return this.#anew();
      await this.#media.restart(link).catch(() => undefined);
    }
    this.#mending[link] = setTimeout(() => {
      if (this.#media && this.#media.state(link) !== 'connected') void this.#restart(link);
    }, mendAgain);
  }

  /** Gives the place up and takes a new one, with new connections. */
  async #anew(): Promise<void> {
    this.#attempts = 0;
    for (const timer of Object.values(this.#mending)) clearTimeout(timer);
    this.#tell('exit');
    this.#token = '';
    this.#deps.token.write('');
    await this.#comeIn();
  }

  #become(phase: Phase): void {
    if (this.phase !== 'over') this.phase = phase;
  }

  #end(reason: string): void {
    if (this.phase === 'over') return;
    this.reason = reason;
    this.phase = 'over';
    this.#deps.token.write('');
    for (const end of this.#ends) end();
    for (const timer of Object.values(this.#mending)) clearTimeout(timer);
    this.screen?.stop();
    this.screen = null;
    this.#media?.close();
    this.#media = null;
    this.slots.clear();
    this.#deps.devices.release();
  }

  #ask<T>(op: string, data: object = {}): Promise<T> {
    return this.#deps.line.ask<T>(this.#topic, op, data);
  }

  /** For what is repeated after a reconnect anyway. */
  #tell(op: string, data: object = {}): void {
    this.#ask(op, data).catch(() => undefined);
  }

  #now(): number {
    return this.#deps.now?.() ?? Date.now();
  }
}
