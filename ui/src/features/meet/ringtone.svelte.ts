import { remember, remembered } from '../../lib/storage/local.js';
import { ring } from './tone.js';

/** Whether and where it rings aloud. Of several open tabs only one makes a sound. */
class Aloud {
  on = $state(remembered('meet.ring') !== 'no');

  set(on: boolean): void {
    this.on = on;
    remember('meet.ring', on ? '' : 'no');
  }

  /** Rings until the result is called. */
  ring(): () => void {
    if (!this.on) return () => undefined;
    let done: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      done = resolve;
    });
    const sound = () => answered.then(ring());
    if (navigator.locks)
      void navigator.locks.request('rathaus.ring', { ifAvailable: true }, (lock) =>
        lock ? sound() : undefined,
      );
    else void sound();
    return done;
  }
}

export const aloud = new Aloud();
