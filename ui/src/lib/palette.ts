import type { LucideIcon } from '@lucide/svelte';
import type { Key } from './i18n/index.svelte.js';
import { Registry } from './registry.svelte.js';
import type { Access } from './router/route.js';

/** One line of the palette. Exactly one of href and run says what Enter does. */
export type PaletteItem = {
  readonly id: string;
  readonly label: string;
  /** A quiet second part: the group of a person, the kind of a room. */
  readonly hint?: string | undefined;
  readonly icon?: LucideIcon | undefined;
  /** A person: shows the avatar instead of an icon. */
  readonly person?: { readonly id: string; readonly name: string } | undefined;
} & ({ readonly href: string } | { readonly run: () => void });

/** Finds things of one kind: people, rooms, pads. An empty query asks for the recent ones. */
export interface PaletteProvider {
  readonly id: string;
  readonly title: Key;
  readonly order?: number;
  readonly access?: Access;
  search(query: string, signal: AbortSignal): Promise<readonly PaletteItem[]>;
}

/** Something one can do from anywhere, found in the palette by its words. */
export type Command = {
  readonly id: string;
  readonly label: Key;
  readonly icon: LucideIcon;
  readonly order?: number;
  readonly access?: Access;
  /** Shown as a hint, such as "Mod+K"; binding it is the feature's own work. */
  readonly keys?: string;
} & ({ readonly href: string } | { readonly run: () => void });

export const providers = new Registry<PaletteProvider>();
export const commands = new Registry<Command>();

/** The "Neu" menu: message, room, pad, meeting. */
export const creations = new Registry<Command>();
