import type { Upload } from 'tus-js-client';
import { base, type FaultError, faultFrom } from '../../../lib/api/index.js';
import { live } from '../../../lib/realtime/index.js';
import type { Upload as OnItsWay } from '../wire.js';
import { depot, type Recovered } from './depot.js';
import { type FileFacts, guessKind, type Measured, measure } from './facts.js';

type State = OnItsWay['state'];

/** The server takes so much at a time; a broken connection loses at most a part of it. */
const chunkSize = 8 * 1024 * 1024;
/** How long a broken upload rests when nobody says that the connection is back, in milliseconds. */
const tryAgainAfter = 15_000;
const retryDelays = [0, 500, 1_000, 2_000, 4_000, 8_000];

/** How a file was made: recorded by the portal, or taken from the disk. */
export interface Origin {
  readonly voice?: boolean;
  readonly measured?: Measured;
}

/** One file on its way to the server. It can be stopped, and goes on after an interruption. */
export class Sending implements OnItsWay {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly kind: FileFacts['kind'];
  /** The file itself, as long as it is in this browser. */
  readonly url: string;
  state = $state<State>('reading');
  sent = $state(0);
  error = $state.raw<unknown>(null);
  /** Position and other metadata of a picture stay in it. */
  keep = $state(false);
  /** It survives a reload of the page. */
  kept = $state(false);
  id = '';
  #file: File;
  #origin: Origin;
  #measured: Measured = {};
  #upload: Upload | null = null;
  #changed: () => void;
  #ends: Array<() => void> = [];
  #stored = false;
  #url: string | null = null;
  /** Lets another tab go on with it. */
  #leave: (() => void) | null = null;

  constructor(file: File, origin: Origin, changed: () => void, key: string = crypto.randomUUID()) {
    this.key = key;
    this.#file = file;
    this.#origin = origin;
    this.#changed = changed;
    this.name = file.name;
    this.size = file.size;
    this.kind = origin.voice ? 'voice' : guessKind(file.type);
    this.url = URL.createObjectURL(file);
    this.#ends.push(live.onState((state) => state === 'open' && this.#resume()));
    const online = () => this.#resume();
    addEventListener('online', online);
    this.#ends.push(() => removeEventListener('online', online));
  }

  /** Goes on with a file that was kept in this browser, from where the server has it. */
  static recovered({ key, file, way }: Recovered): Sending {
    // What was not measured yet is measured now.
    const known = Object.keys(way.measured).length > 0;
    const origin = { voice: way.voice, ...(known ? { measured: way.measured } : {}) };
    const sending = new Sending(file, origin, () => undefined, key);
    sending.keep = way.keep;
    sending.kept = true;
    sending.#stored = true;
    sending.#url = way.url;
    return sending;
  }

  watch(changed: () => void): void {
    this.#changed = changed;
  }

  async store(): Promise<void> {
    if (this.#stored) return;
    this.#stored = true;
    const { kind, keep } = this;
    const way = { kind, keep, measured: this.#measured, voice: this.#origin.voice === true, url: this.#url };
    this.kept = await depot.keep(this.key, this.#file, way);
    // What was learned while it was written down.
    if (this.kept && this.#url !== way.url) await depot.note(this.key, { url: this.#url });
  }

  /** The browser keeps it no longer than the page. */
  unstore(): void {
    if (this.#stored) void depot.drop(this.key).catch(() => undefined);
    this.#stored = false;
    this.kept = false;
  }

  /** How it looks in the room until the server has answered. */
  get facts(): FileFacts {
    const { id, name, kind, size } = this;
    const { width = 0, height = 0 } = this.#measured;
    const thumb = kind === 'image' && Math.max(width, height) > 400;
    return { id, name, kind, size, type: this.#file.type, ...this.#measured, ...(thumb ? { thumb } : {}) };
  }

  async start(): Promise<void> {
    this.#measured = this.#origin.measured ?? (await measure(this.url, this.kind));
    await this.#alone();
    if (this.#stored && !(await this.#stillKept())) return this.#set('gone');
    const { Upload: Tus } = await import('tus-js-client');
    this.#upload = new Tus(this.#file, {
      endpoint: `${base}/files/uploads`,
      headers: { 'X-Rathaus': '1' },
      metadata: this.#metadata(),
      chunkSize,
      retryDelays,
      storeFingerprintForResuming: false,
      uploadUrl: this.#url,
      onUploadUrlAvailable: () => this.#found(),
      onProgress: (sent) => {
        this.sent = sent;
      },
      onSuccess: () => this.#finished(),
      onError: (cause) => this.#broke(cause),
    });
    this.#go();
  }

  /** After a failure, from where it was. */
  again(): void {
    if (this.state === 'failed') this.#go();
  }

  /** Forgets it, here and at the server. */
  async cancel(): Promise<void> {
    this.release();
    this.unstore();
    const upload = this.#upload;
    if (upload) await upload.abort(upload.url !== null).catch(() => undefined);
  }

  /** Starts over, because the person has decided about the metadata. */
  async keepMetadata(keep: boolean): Promise<void> {
    this.keep = keep;
    this.#set('reading');
    await this.#upload?.abort(this.#upload.url !== null).catch(() => undefined);
    this.sent = 0;
    this.#url = null;
    await this.start();
  }

  /** It needs nothing of this browser any more. */
  release(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#leave?.();
    if (this.state !== 'done') void this.#upload?.abort().catch(() => undefined);
    URL.revokeObjectURL(this.url);
  }

  /** Of two tabs that know of the same file one sends it, and the other when that one has gone. */
  async #alone(): Promise<void> {
    if (this.#leave || !navigator.locks) return;
    await new Promise<void>((mine) => {
      const held = new Promise<void>((leave) => {
        this.#leave = leave;
      });
      void navigator.locks.request(`rathaus-upload:${this.key}`, () => {
        mine();
        return held;
      });
    });
  }

  /** Another tab may have sent it meanwhile, or found out where the server takes it in. */
  async #stillKept(): Promise<boolean> {
    if (!this.kept) return true;
    const found = await depot.find(this.key);
    this.#url = found?.way.url ?? this.#url;
    return found !== null;
  }

  #found(): void {
    this.#url = this.#upload?.url ?? null;
    if (this.#stored) void depot.note(this.key, { url: this.#url }).catch(() => undefined);
  }

  #metadata(): Record<string, string> {
    const { width, height, duration_ms: duration, waveform } = this.#measured;
    return {
      filename: this.name,
      ...(this.keep ? { keep: '1' } : {}),
      ...(this.#origin.voice ? { voice: '1' } : {}),
      ...(width ? { width: String(width), height: String(height ?? 0) } : {}),
      ...(duration ? { duration: String(duration) } : {}),
      ...(waveform ? { waveform: waveform.join(',') } : {}),
    };
  }

  #go(): void {
    this.error = null;
    this.#set('sending');
    this.#upload?.start();
  }

  #resume(): void {
    if (this.state === 'paused') this.#go();
  }

  /** Goes on when the connection is back, or after a while. */
  #pause(): void {
    const timer = setTimeout(() => this.#resume(), tryAgainAfter);
    this.#ends.push(() => clearTimeout(timer));
    this.#set('paused');
  }

  #finished(): void {
    this.id = this.#upload?.url?.split('/').pop() ?? '';
    this.sent = this.size;
    this.#set('done');
  }

  #broke(cause: Error): void {
    const answer =
      'originalResponse' in cause
        ? (cause.originalResponse as { getStatus(): number; getBody(): string } | null)
        : null;
    if (!answer) return this.#pause();
    this.error = refusal(answer.getBody(), answer.getStatus());
    this.#set('failed');
  }

  #set(state: State): void {
    this.state = state;
    this.#changed();
  }
}

function refusal(body: string, status: number): FaultError {
  try {
    return faultFrom(JSON.parse(body), status);
  } catch {
    return faultFrom(null, status);
  }
}
