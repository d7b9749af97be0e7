import { base } from '../api/client.js';
import { session } from '../session.svelte.js';
import { Me } from './me.js';
import { type LinkState, Socket } from './socket.js';

const subprotocol = 'rathaus.v1';
const pollEvery = 2_000;

function address(): string {
  const url = new URL(`${base}/socket`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

async function ask(path: string): Promise<unknown> {
  const answer = await fetch(base + path, { headers: { 'X-Rathaus': '1' }, cache: 'no-store' });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

/** The tab's socket with a state that components can read, and the person's own topic. */
class Live extends Socket {
  #shown = $state<LinkState>('stopped');
  #me = new Me();
  #signedIn: (() => void) | null = null;

  constructor() {
    super({
      connect: () => new WebSocket(address(), subprotocol),
      reachable: () =>
        ask('/auth/session').then(
          () => true,
          () => false,
        ),
      stillSignedIn: async () => {
        await session.load();
        return session.me !== null;
      },
    });
    this.onState((state) => {
      this.#shown = state;
    });
  }

  /** The same as state, but reactive. */
  get link(): LinkState {
    return this.#shown;
  }

  onMe(event: string, listener: (data: unknown) => void): () => void {
    return this.#me.on(event, listener);
  }

  onMePart(part: string, listener: (data: unknown) => void): () => void {
    return this.#me.onPart(part, listener);
  }

  /** Runs poll every two seconds while only HTTP gets through and somebody looks; call the result to stop. */
  whileFallback(poll: () => Promise<void>): () => void {
    let running = false;
    const timer = setInterval(async () => {
      if (this.state !== 'fallback' || document.visibilityState !== 'visible' || running) return;
      running = true;
      await poll().catch(() => undefined);
      running = false;
    }, pollEvery);
    return () => clearInterval(timer);
  }

  /** Somebody is signed in: connect and follow "me". Call the result at sign-out. */
  signedIn(): () => void {
    this.#signedIn?.();
    const leave = this.#me.follow(this);
    const unpoll = this.whileFallback(async () => this.#me.take(await ask('/me')));
    const nudge = () => document.visibilityState === 'visible' && this.nudge();
    addEventListener('online', nudge);
    document.addEventListener('visibilitychange', nudge);
    this.start();
    this.#signedIn = () => {
      removeEventListener('online', nudge);
      document.removeEventListener('visibilitychange', nudge);
      unpoll();
      leave();
      this.stop();
      this.#signedIn = null;
    };
    return () => this.#signedIn?.();
  }
}

export const live = new Live();
