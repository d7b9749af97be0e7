import type { Component } from 'svelte';
import { Registry } from './registry.svelte.js';
import type { Access } from './router/route.js';

/** What a block of the start page tells about itself, so that the page can teach on the first day. */
export type BlockState = 'loading' | 'empty' | 'filled';

/**
 * A block of the start page. It draws itself with kit/Card and draws nothing when it is empty;
 * it reports its state whenever that changes.
 */
export interface StartBlock {
  readonly id: string;
  /** now: what cannot wait (running meetings). waiting: unread, mentions. again: recent things. elsewhere: the foot. */
  readonly place: 'now' | 'waiting' | 'again' | 'elsewhere';
  readonly order?: number;
  readonly access?: Access;
  readonly load: () => Promise<{ default: Component<{ report: (state: BlockState) => void }> }>;
}

export const startBlocks = new Registry<StartBlock>();
