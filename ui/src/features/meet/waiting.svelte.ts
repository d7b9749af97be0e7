import { live } from '../../lib/realtime/index.js';
import type { Ringing, Summary } from './wire.js';

/** A call that nobody answers stops ringing. */
const ringFor = 40_000;

/** What waits for the person: meetings that run, and a call that rings. In the entry bundle, so tiny. */
class Waiting {
  running = $state.raw<readonly Summary[]>([]);
  ringing = $state.raw<Ringing | null>(null);
  #quiet: ReturnType<typeof setTimeout> | undefined;

  /** Listens to the server; runs once. */
  listen(rang: () => void): void {
    live.onMePart('meet', (part) => {
      this.running = (part as { running?: readonly Summary[] }).running ?? [];
    });
    live.onMe('meet.changed', (data) => this.#changed(data as Summary));
    live.onMe('meet.ringing', (data) => {
      this.#changed((data as Ringing).meeting);
      this.#ring(data as Ringing);
      rang();
    });
    live.onMe('meet.answered', (data) => this.hush((data as { meeting_id: string }).meeting_id));
  }

  /** Stops the ringing of a meeting. */
  hush(meetingId: string): void {
    if (this.ringing?.meeting.id !== meetingId) return;
    clearTimeout(this.#quiet);
    this.ringing = null;
  }

  #ring(ringing: Ringing): void {
    clearTimeout(this.#quiet);
    this.ringing = ringing;
    this.#quiet = setTimeout(() => this.hush(ringing.meeting.id), ringFor);
  }

  #changed(meeting: Summary): void {
    const others = this.running.filter((other) => other.id !== meeting.id);
    this.running = meeting.running ? [meeting, ...others] : others;
    if (!meeting.running) this.hush(meeting.id);
  }
}

export const waiting = new Waiting();

/** A meeting that the person has chosen to enter by one click; its page then asks nothing more. */
export const intent = { enter: '' };
