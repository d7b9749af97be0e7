import { FaultError, faultFrom } from '../api/fault.js';
import { backoff, judge } from './closing.js';
import { type Incoming, readBinary, readText } from './frames.js';
import { binaryFrame, type Question, Questions, textFrame } from './questions.js';
import { type Follower, Subscription } from './subscription.js';

/**
 * stopped: nobody is signed in. connecting: the first attempt. open: all is live. waiting: lost, tries again.
 * fallback: the server answers, but websockets do not get through; HTTP takes over.
 */
export type LinkState = 'stopped' | 'connecting' | 'open' | 'waiting' | 'fallback';

export interface SocketDeps {
  readonly connect: () => WebSocket;
  /** Whether the server answers over plain HTTP; decides between waiting and fallback. */
  readonly reachable: () => Promise<boolean>;
  /** The session ended (4001): true when somebody is still signed in. */
  readonly stillSignedIn: () => Promise<boolean>;
  readonly random?: () => number;
}

interface AskOptions {
  /** Survives a lost connection and is asked again. The data must carry a client id. */
  resend?: boolean;
}

const helloWithin = 10_000;
const pongWithin = 10_000;
const attemptsBeforeFallback = 3;
const fallbackRetry = 60_000;
const rejoinDelay = 3_000;
/** Refusals of a join that another attempt may not meet again. */
const passing: readonly string[] = ['internal', 'unavailable', 'rate_limited', 'offline'];

/** The one socket of the tab: topics, questions, reconnecting. Knows nothing of Svelte. */
export class Socket {
  #deps: SocketDeps;
  #socket: WebSocket | null = null;
  #state: LinkState = 'stopped';
  #listeners = new Set<(state: LinkState) => void>();
  #subscriptions = new Set<Subscription>();
  #questions = new Questions();
  #failures = 0;
  #heartbeat = 25_000;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: SocketDeps) {
    this.#deps = deps;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Changes not yet confirmed by the server. */
  get unconfirmed(): number {
    return this.#questions.unconfirmed;
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connects and stays connected until stop(). */
  start(): void {
    if (this.#state !== 'stopped') return;
    this.#become('connecting');
    this.#connect();
  }

  stop(): void {
    this.#become('stopped');
    clearTimeout(this.#retry);
    this.#abandon();
    this.#questions.interrupted();
    this.#questions.fail(new FaultError('unauthenticated', 401));
  }

  /** The network came back or the tab was opened again: do not wait any longer. */
  nudge(): void {
    if (this.#state !== 'waiting' && this.#state !== 'fallback') return;
    clearTimeout(this.#retry);
    if (!this.#socket) this.#connect();
  }

  /** Follows a topic across reconnects; call the result to leave it. */
  join(topic: string, follower: Follower): () => void {
    const subscription = new Subscription(topic, follower);
    this.#subscriptions.add(subscription);
    if (this.#state === 'open') this.#askJoin(subscription);
    return () => this.#leave(subscription);
  }

  /** Asks something about a topic and resolves with the answer, which for a change means it is committed. */
  ask<T = unknown>(
    topic: string | null,
    op: string,
    data: object = {},
    options: AskOptions = {},
  ): Promise<T> {
    return this.#ask(topic, textFrame(op, topic, { data }), options) as Promise<T>;
  }

  /** The same with a binary frame. */
  askBinary<T = unknown>(
    topic: string,
    kind: number,
    payload: Uint8Array,
    options: AskOptions = {},
  ): Promise<T> {
    return this.#ask(topic, binaryFrame(topic, kind, payload), options) as Promise<T>;
  }

  #ask(topic: string | null, frame: Question['frame'], { resend = false }: AskOptions): Promise<unknown> {
    if (this.#state === 'stopped') return Promise.reject(new FaultError('unauthenticated', 401));
    const hopeless = this.#state === 'waiting' || this.#state === 'fallback';
    if (!resend && hopeless) return Promise.reject(new FaultError('offline', 0));
    return new Promise((resolve, reject) => {
      if (!this.#questions.add({ topic, frame, resend, resolve, reject, size: 0 }))
        reject(new FaultError('rate_limited', 429));
      this.#flush();
    });
  }

  #flush(): void {
    const socket = this.#socket;
    // One that is closing takes nothing in any more; what waits goes by the next one.
    if (this.#state === 'open' && socket?.readyState === WebSocket.OPEN)
      this.#questions.flush((frame) => socket.send(frame));
  }

  #become(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }

  #connect(): void {
    const socket = this.#deps.connect();
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    const current = () => this.#socket === socket;
    socket.onmessage = (message) => current() && this.#hear(message.data);
    socket.onclose = (event) => current() && this.#closed(event.code, event.reason);
    this.#listen(helloWithin);
  }

  /** Gives the connection up if nothing is heard for ms. */
  #listen(ms: number): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#abandon();
      this.#closed(1006, '');
    }, ms);
  }

  #heard(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.ask(null, 'ping').catch(() => undefined);
      this.#listen(pongWithin);
    }, this.#heartbeat);
  }

  #abandon(): void {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#silence);
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #hear(data: unknown): void {
    this.#heard();
    if (typeof data === 'string') for (const frame of readText(data)) this.#take(frame);
    else if (data instanceof ArrayBuffer) this.#takeBinary(data);
  }

  #take(frame: Incoming): void {
    switch (frame.type) {
      case 'hello':
        return this.#opened(frame.heartbeat);
      case 'ok':
        this.#questions.answer(frame.re)?.resolve(frame.value);
        return this.#flush();
      case 'error':
        this.#questions.answer(frame.re)?.reject(faultFrom(frame.error, 400));
        return this.#flush();
      case 'event':
        return this.#event(frame);
      default:
        frame satisfies never;
    }
  }

  #event({ topic, name, data, seq }: Extract<Incoming, { type: 'event' }>): void {
    for (const subscription of this.#on(topic)) {
      if (name === 'closed') this.#end(subscription, faultFrom(data, 403).code);
      else if (subscription.event(name, data, seq) === 'gap') this.#askJoin(subscription);
    }
  }

  #takeBinary(buffer: ArrayBuffer): void {
    const frame = readBinary(buffer);
    if (!frame) return;
    for (const subscription of this.#on(frame.topic)) {
      if (subscription.binary(frame.kind, frame.payload, frame.seq) === 'gap') this.#askJoin(subscription);
    }
  }

  #on(topic: string): Subscription[] {
    return [...this.#subscriptions].filter((subscription) => subscription.topic === topic);
  }

  #opened(heartbeatSeconds: number): void {
    this.#heartbeat = heartbeatSeconds * 1000;
    this.#failures = 0;
    this.#heard();
    // Joins go first, so that a resent change never overtakes the right to make it.
    const joins = [...this.#subscriptions].map((subscription) => this.#joinQuestion(subscription));
    this.#questions.first(joins);
    this.#become('open');
    this.#flush();
  }

  #askJoin(subscription: Subscription): void {
    this.#questions.add(this.#joinQuestion(subscription));
    this.#flush();
  }

  #joinQuestion(subscription: Subscription): Question {
    subscription.ready = false;
    const attempt = ++subscription.attempt;
    const current = () => subscription.attempt === attempt && this.#subscriptions.has(subscription);
    const data = subscription.follower.data?.();
    const rest = { after: subscription.after, ...(data === undefined ? {} : { data }) };
    return {
      topic: subscription.topic,
      frame: textFrame('join', subscription.topic, rest),
      resend: false,
      resolve: (answer) => current() && subscription.joined(answer),
      reject: (cause) => current() && this.#refused(subscription, cause),
      size: 0,
    };
  }

  #refused(subscription: Subscription, cause: unknown): void {
    const code = cause instanceof FaultError ? cause.code : 'internal';
    if (!passing.includes(code)) return this.#end(subscription, code);
    const attempt = subscription.attempt;
    setTimeout(() => {
      const present = this.#subscriptions.has(subscription) && subscription.attempt === attempt;
      if (present && this.#state === 'open') this.#askJoin(subscription);
    }, rejoinDelay);
  }

  #end(subscription: Subscription, code: string): void {
    this.#subscriptions.delete(subscription);
    subscription.follower.closed?.(code);
  }

  #leave(subscription: Subscription): void {
    const had = this.#subscriptions.delete(subscription);
    if (!had || this.#state !== 'open' || this.#on(subscription.topic).length > 0) return;
    this.ask(subscription.topic, 'leave').catch(() => undefined);
  }

  #closed(code: number, reason: string): void {
    const wasOpen = this.#state === 'open';
    this.#abandon();
    const verdict = judge(code, reason);
    if (verdict.next === 'drop') this.#questions.drop(verdict.what);
    for (const subscription of this.#subscriptions) subscription.ready = false;
    // The first attempt may still succeed: what was asked meanwhile waits for it.
    if (wasOpen || this.#failures > 0) this.#questions.interrupted();
    if (verdict.next === 'session') return void this.#sessionEnded();
    if (!wasOpen) this.#failures += 1;
    if (verdict.next === 'after') return this.#retryIn(verdict.ms);
    this.#retryIn(backoff(Math.max(1, this.#failures), this.#deps.random ?? Math.random));
    if (this.#failures >= attemptsBeforeFallback) void this.#considerFallback();
  }

  #retryIn(ms: number): void {
    if (this.#state !== 'fallback') this.#become('waiting');
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), this.#state === 'fallback' ? fallbackRetry : ms);
  }

  async #considerFallback(): Promise<void> {
    const reachable = await this.#deps.reachable();
    if (this.#state !== 'waiting' && this.#state !== 'fallback') return;
    this.#become(reachable ? 'fallback' : 'waiting');
    if (reachable && !this.#socket) this.#retryIn(fallbackRetry);
  }

  async #sessionEnded(): Promise<void> {
    this.#become('waiting');
    if (await this.#deps.stillSignedIn()) this.#retryIn(0);
    else this.stop();
  }
}
