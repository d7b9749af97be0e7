import { FaultError } from '../api/fault.js';
import { writeBinary } from './frames.js';

/** Something asked over the socket, until it is answered. */
export interface Question {
  readonly topic: string | null;
  /** Builds the frame for the id of this attempt. */
  readonly frame: (id: number) => string | Uint8Array<ArrayBuffer>;
  /** Asked again after a reconnect; its data carries a client id, so that doing it twice changes nothing. */
  readonly resend: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: unknown) => void;
  size: number;
}

/** Questions under way at once; the server allows 64. */
const window = 48;
/** Questions waiting for the window or for the connection; more are refused. */
const capacity = 2_000;

/** Asks in order, at most a window at once, and keeps what must survive a lost connection. */
export class Questions {
  #waiting: Question[] = [];
  #open = new Map<number, Question>();
  #nextId = 1;

  add(question: Question): boolean {
    if (this.#waiting.length >= capacity) return false;
    this.#waiting.push(question);
    return true;
  }

  /** Puts questions before everything that waits. */
  first(questions: readonly Question[]): void {
    this.#waiting = [...questions, ...this.#waiting];
  }

  /** Sends what the window allows. */
  flush(send: (frame: string | Uint8Array<ArrayBuffer>) => void): void {
    while (this.#open.size < window) {
      const question = this.#waiting.shift();
      if (!question) return;
      const id = this.#nextId++;
      const frame = question.frame(id);
      question.size = frame.length;
      this.#open.set(id, question);
      send(frame);
    }
  }

  answer(id: number): Question | null {
    const question = this.#open.get(id) ?? null;
    this.#open.delete(id);
    return question;
  }

  /** The connection is gone: what may be asked again goes back to the front, the rest fails. */
  interrupted(): void {
    const under = [...this.#open.values()];
    this.#open.clear();
    this.#waiting = [...under, ...this.#waiting];
    this.fail(new FaultError('offline', 0), (question) => !question.resend);
  }

  /** Fails the questions under way that broke a rule of the wire. */
  drop(what: 'largest' | 'all'): void {
    const under = [...this.#open.entries()].sort(([, a], [, b]) => b.size - a.size);
    for (const [id, question] of what === 'all' ? under : under.slice(0, 1)) {
      this.#open.delete(id);
      question.reject(
        what === 'all' ? new FaultError('invalid_input', 400) : new FaultError('too_large', 413),
      );
    }
  }

  /** Fails waiting questions. */
  fail(cause: unknown, which: (question: Question) => boolean = () => true): void {
    const [out, kept] = [this.#waiting.filter(which), this.#waiting.filter((question) => !which(question))];
    this.#waiting = kept;
    for (const question of out) question.reject(cause);
  }

  /** How many changes are not yet confirmed. */
  get unconfirmed(): number {
    return [...this.#open.values(), ...this.#waiting].filter((question) => question.resend).length;
  }
}

export const textFrame = (op: string, topic: string | null, rest: object) => (id: number) =>
  JSON.stringify({ id, op, ...(topic === null ? {} : { topic }), ...rest });

export const binaryFrame = (topic: string, kind: number, payload: Uint8Array) => (id: number) =>
  writeBinary(topic, kind, id, payload);
