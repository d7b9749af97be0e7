import type { LucideIcon } from '@lucide/svelte';
import FileText from '@lucide/svelte/icons/file-text';
import House from '@lucide/svelte/icons/house';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Video from '@lucide/svelte/icons/video';
import { type SectionBadge, sectionBadges } from '../lib/frame.svelte.js';
import type { Key } from '../lib/i18n/index.svelte.js';
import { type Access, href, type Section } from '../lib/router/index.js';

export interface Place {
  readonly section: Section;
  readonly label: Key;
  readonly icon: LucideIcon;
  readonly href: string;
  readonly access: Access;
}

/** The sections of the portal in the order of the rail. */
export const places: readonly Place[] = [
  { section: 'start', label: 'shell.start', icon: House, href: href('start'), access: 'member' },
  { section: 'chat', label: 'shell.chat', icon: MessagesSquare, href: href('chat'), access: 'guest' },
  { section: 'pads', label: 'shell.pads', icon: FileText, href: href('pads'), access: 'member' },
  { section: 'meet', label: 'shell.meet', icon: Video, href: href('meetings'), access: 'member' },
  { section: 'admin', label: 'shell.admin', icon: SlidersHorizontal, href: href('admin'), access: 'auditor' },
];

/** The number at a section, if a feature counts something there. */
export function badgeOf(section: Section): SectionBadge | undefined {
  return sectionBadges.items.find((badge) => badge.section === section && badge.count() > 0);
}
