import type { Socket } from './socket.js';

type Listener = (data: unknown) => void;

/** What is addressed to the person: the topic "me", shared by all features. */
export class Me {
  #events = new Map<string, Set<Listener>>();
  #parts = new Map<string, Set<Listener>>();
  #snapshot: Readonly<Record<string, unknown>> = {};
  #leave: (() => void) | null = null;

  /** Joins the topic; call the result to leave. */
  follow(socket: Socket): () => void {
    this.#leave?.();
    this.#leave = socket.join('me', {
      after: () => -1,
      joined: (answer) => this.take(answer),
      event: (name, data) => tell(this.#events.get(name), data),
    });
    return () => {
      this.#leave?.();
      this.#leave = null;
      this.#snapshot = {};
    };
  }

  /** A new snapshot, from the join or over HTTP: {part: value}. */
  take(answer: unknown): void {
    this.#snapshot = typeof answer === 'object' && answer !== null ? { ...answer } : {};
    for (const [part, value] of Object.entries(this.#snapshot)) tell(this.#parts.get(part), value);
  }

  /** Hears one kind of event; call the result to stop. */
  on(event: string, listener: Listener): () => void {
    return listen(this.#events, event, listener);
  }

  /** Hears one module's part of the snapshot, now if it is there, and after every reconnect. */
  onPart(part: string, listener: Listener): () => void {
    if (part in this.#snapshot) listener(this.#snapshot[part]);
    return listen(this.#parts, part, listener);
  }
}

function listen(table: Map<string, Set<Listener>>, name: string, listener: Listener): () => void {
  const listeners = table.get(name) ?? new Set();
  table.set(name, listeners.add(listener));
  return () => listeners.delete(listener);
}

function tell(listeners: Set<Listener> | undefined, data: unknown): void {
  for (const listener of [...(listeners ?? [])]) listener(data);
}
