import type { Composer } from './composer.svelte.js';
import type { Subject } from './message-actions.js';
import type { OpenRoom } from './open-room.svelte.js';

/** A question about a message that is there. */
export interface AboutMessage {
  readonly kind: 'forward' | 'versions';
  readonly subject: Subject;
}

/** A question about a message that is being written. */
export interface AboutWriting {
  readonly kind: 'poll';
  readonly open: OpenRoom;
  readonly composer: Composer;
}

/** A question that has a dialog of its own. */
export type Asked = AboutMessage | AboutWriting | { readonly kind: 'emoji' };

class TalkDialogs {
  asked = $state.raw<Asked | null>(null);

  ask(asked: Asked): void {
    this.asked = asked;
  }

  close = (): void => {
    this.asked = null;
  };
}

export const talkDialogs = new TalkDialogs();
