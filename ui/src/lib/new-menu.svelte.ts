import type { MenuItem } from '../kit/menu.js';
import { Registry } from './registry.svelte.js';

/** What a feature adds to the end of the "Neu" menu: names that only the town knows. */
export interface NewNames {
  readonly id: string;
  readonly order?: number;
  readonly items: () => readonly MenuItem[];
  /** The menu is being opened. */
  readonly load: () => void;
}

export const newNames = new Registry<NewNames>();
