import type { Component } from 'svelte';
import type { Key } from './i18n/index.svelte.js';
import { Registry } from './registry.svelte.js';
import type { Access, Section } from './router/route.js';

/** A number at a section of the rail, such as unread messages; read reactively, so use $state behind it. */
export interface SectionBadge {
  readonly id: string;
  readonly section: Section;
  readonly count: () => number;
  /** Says what is counted, for screen readers; takes { count }. */
  readonly label: (count: number) => string;
  /** It also stands in the title of the window. */
  readonly title?: boolean;
}

/** One line behind the bell. */
export interface Notice {
  readonly id: string;
  readonly text: string;
  readonly at: string;
  readonly href: string;
  readonly person?: { readonly id: string; readonly name: string } | undefined;
}

/** A source of notices; read reactively. */
export interface NoticeSource {
  readonly id: string;
  readonly notices: () => readonly Notice[];
}

/** A card of the profile page: devices, password, notifications. */
export interface ProfileCard {
  readonly id: string;
  readonly order?: number;
  /** Whose profile has it; people of the town if nothing is said. */
  readonly access?: Access;
  readonly load: () => Promise<{ default: Component }>;
}

export const sectionBadges = new Registry<SectionBadge>();
export const noticeSources = new Registry<NoticeSource>();
export const profileCards = new Registry<ProfileCard>();

/** The small floating stage of a running call. One at a time; null when nothing runs. */
class FloatingStage {
  shown = $state.raw<{ readonly title: Key; readonly component: Component } | null>(null);

  show(title: Key, component: Component): void {
    this.shown = { title, component };
  }

  hide(): void {
    this.shown = null;
  }
}

export const stage = new FloatingStage();
