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
  /** Part of the call's address; empty in a conversation of a few. */
  readonly name: string;
}

/** The meeting in which this tab takes part. */
export interface Presence {
  readonly id: string;
  readonly name: string;
}

/**
 * Lets chat start and join calls without knowing how meetings work, and meetings call a room by the name
 * that the person knows. Both features fill it in at start-up.
 */
class RoomCalls {
  /** Set by the feature meet for as long as a call goes on. */
  present = $state.raw<Presence | null>(null);
  #begin: ((room: RoomToCall) => Promise<void>) | null = null;
  #enter: ((meeting: string) => void) | null = null;
  #name: (room: string) => string = () => '';

  offer(begin: (room: RoomToCall) => Promise<void>, enter: (meeting: string) => void): void {
    this.#begin = begin;
    this.#enter = enter;
  }

  /** Starts the room's call, or enters the one that runs. One click and one is in. */
  async begin(room: RoomToCall): Promise<void> {
    await this.#begin?.(room);
  }

  /** Tells how to find out what a room is called; the answer is empty for an unknown one. */
  known(name: (room: string) => string): void {
    this.#name = name;
  }

  /** What the person knows the room as: its name, or the other one of a conversation of two. */
  nameOf(room: string): string {
    return this.#name(room);
  }

  /** Whether this tab takes part in the meeting; takes its id or name. */
  inside(meeting: string): boolean {
    return this.present !== null && (this.present.id === meeting || this.present.name === meeting);
  }

  /** Enters a running call from its card, or goes back to it; takes the meeting's id or name. */
  enter(meeting: string): void {
    this.#enter?.(meeting);
  }
}

export const roomCalls = new RoomCalls();
