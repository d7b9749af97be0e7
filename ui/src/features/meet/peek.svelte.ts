import { live } from '../../lib/realtime/index.js';
import { People } from './people.svelte.js';
import type { Joined, Person } from './wire.js';

/** Looks who is in a meeting before one enters. */
export class Peek {
  #people = new People();
  #topic: string;

  constructor(meetingId: string) {
    this.#topic = `meeting:${meetingId}`;
  }

  get names(): readonly string[] {
    return this.#people.all.map((person) => person.name);
  }

  /** Follows the meeting; call the result to stop. */
  follow(): () => void {
    return live.join(this.#topic, {
      after: () => -1,
      joined: (answer) => this.#people.reset((answer as Joined).participants),
      event: (name, data) => {
        if (name === 'participant_joined' || name === 'participant_updated') this.#people.put(data as Person);
        if (name === 'participant_left') this.#people.remove((data as { id: string }).id);
      },
    });
  }
}
