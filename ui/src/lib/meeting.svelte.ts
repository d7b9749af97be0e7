import type { Component } from 'svelte';
import type { Key } from './i18n/index.svelte.js';
import { Registry } from './registry.svelte.js';

/** Something that opens beside the stage of a call that belongs to a chat room, such as the room's chat. */
export interface MeetingPanel {
  readonly id: string;
  readonly order?: number;
  readonly title: Key;
  readonly load: () => Promise<{ default: Component<{ roomId: string }> }>;
}

export const meetingPanels = new Registry<MeetingPanel>();

/** What a room needs to know to start its call with one click. */
export interface RoomToCall {
  readonly id: string;
  /** Shown as the title of the call; empty in a conversation of two. */
  readonly name: string;
}

/**
 * Lets chat start and join calls without knowing how meetings work. The feature
 * meet fills it in at start-up.
 */
class RoomCalls {
  #begin: ((room: RoomToCall) => Promise<void>) | null = null;
  #enter: ((meeting: string) => void) | null = null;

  offer(begin: (room: RoomToCall) => Promise<void>, enter: (meeting: string) => void): void {
    this.#begin = begin;
    this.#enter = enter;
  }

  /** Starts the room's call, or enters the one that runs. One click and one is in. */
  async begin(room: RoomToCall): Promise<void> {
    await this.#begin?.(room);
  }

  /** Enters a running call from its card; takes the meeting's id or name. */
  enter(meeting: string): void {
    this.#enter?.(meeting);
  }
}

export const roomCalls = new RoomCalls();
