/** How a feature follows one topic. */
export interface Follower {
  /** The last seq the feature has, -1 for a fresh snapshot. Read at every (re)join. */
  after: () => number;
  /** Sent along with the join, for topics that ask for something. */
  data?: () => unknown;
  /** The answer to the join: what was missed, or a snapshot. Not called twice for one connection. */
  joined: (answer: unknown) => void;
  event?: (name: string, data: unknown, seq: number) => void;
  binary?: (kind: number, payload: Uint8Array<ArrayBuffer>, seq: number) => void;
  /** The follower puts events in order and fills gaps itself: everything is delivered as it comes. */
  ownOrder?: true;
  /** The right to the topic ended, or it could not be joined; no more is coming. */
  closed?: (code: string) => void;
}

type Arrival = 'deliver' | 'old' | 'gap' | 'early';

/** One follower of one topic: knows what it has, so that nothing comes twice and no gap stays unseen. */
export class Subscription {
  readonly topic: string;
  readonly follower: Follower;
  /** The join is answered on the present connection. */
  ready = false;
  /** Tells a late answer to an earlier join from the present one. */
  attempt = 0;
  #seq = -1;

  constructor(topic: string, follower: Follower) {
    this.topic = topic;
    this.follower = follower;
  }

  get after(): number {
    return this.follower.after();
  }

  joined(answer: unknown): void {
    this.#seq = -1;
    this.follower.joined(answer);
    this.#seq = this.follower.after();
    this.ready = true;
  }

  event(name: string, data: unknown, seq: number): Arrival {
    const arrival = this.#arrives(seq);
    if (arrival === 'deliver') this.follower.event?.(name, data, seq);
    return arrival;
  }

  binary(kind: number, payload: Uint8Array<ArrayBuffer>, seq: number): Arrival {
    const arrival = this.#arrives(seq);
    if (arrival === 'deliver') this.follower.binary?.(kind, payload, seq);
    return arrival;
  }

  #arrives(seq: number): Arrival {
    if (!this.ready) return 'early';
    if (seq === 0 || this.follower.ownOrder) return 'deliver';
    const last = Math.max(this.#seq, this.follower.after());
    if (last >= 0 && seq <= last) return 'old';
    if (last >= 0 && seq > last + 1) return 'gap';
    this.#seq = seq;
    return 'deliver';
  }
}
