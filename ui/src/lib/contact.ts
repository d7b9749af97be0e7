import type { LucideIcon } from '@lucide/svelte';
import type { Key } from './i18n/index.svelte.js';
import { Registry } from './registry.svelte.js';

/**
 * Something one can do with a person of the town from their card: write, call. It says by itself
 * what went wrong.
 */
export interface PersonAction {
  readonly id: string;
  readonly order?: number;
  readonly label: Key;
  readonly icon: LucideIcon;
  readonly run: (person: { readonly id: string; readonly name: string }) => Promise<void>;
}

export const personActions = new Registry<PersonAction>();
