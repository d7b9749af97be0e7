import type { Component } from 'svelte';
import type { Key } from '../i18n/index.svelte.js';
import type { PathName } from './paths.js';

/**
 * Who may open a page. The server decides again; this only chooses what to show. account: whoever
 * has an account, guests of the town included, but not guests by link.
 */
export type Access = 'public' | 'guest' | 'account' | 'member' | 'auditor' | 'admin';

/** Every page receives the parameters of its address. */
export type Page = Component<{ params: Readonly<Record<string, string>> }>;

/** A page that needs no parameters may leave the prop out. */
export interface PageModule {
  readonly default: Page | Component<Record<string, never>>;
}

/** The sections of the rail; the active one is marked. */
export type Section = 'start' | 'chat' | 'pads' | 'meet' | 'admin' | 'me';

export interface Route {
  readonly name: PathName;
  /** Two routes with the same loader share one page, which then stays mounted between them. */
  readonly load: () => Promise<PageModule>;
  readonly access: Access;
  /**
   * portal: with rail and bars. bare: alone in the middle. full: the whole window, no frame.
   * either: with rail and bars for whoever has an account, alone in the middle for everybody else.
   */
  readonly frame: 'portal' | 'bare' | 'full' | 'either';
  /** The title until the page sets a better one with router.setTitle(). */
  readonly title: Key;
  readonly section?: Section;
  /** The page moves the focus itself, as a chat room does with its composer. */
  readonly ownFocus?: true;
}

/** What features/<name>/index.ts exports. It is in the entry bundle: keep it tiny and load the rest on demand. */
export interface Feature {
  readonly routes: readonly Route[];
  /** Adds palette providers, start blocks, "Neu" entries. Runs once, before the first page. */
  register(): void;
}
