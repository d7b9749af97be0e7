import { href } from './router/index.js';

/** Places of the help that pages of the portal point to: a chapter, or a section of it. */
export const helpPlaces = [
  'first-steps',
  'sign-in#sign-in',
  'sign-in#forgotten',
  'search#filters',
  'pads#classes',
  'pads#key',
  'pads#share',
  'meetings#trouble',
  'guests#room',
  'keyboard',
  'take',
  'overview#quiet',
  'lead#forms',
] as const;

export type HelpPlace = (typeof helpPlaces)[number];

export function helpHref(place: HelpPlace): string {
  const [chapter = '', section] = place.split('#');
  return href('helpChapter', { chapter }) + (section ? `#${section}` : '');
}
