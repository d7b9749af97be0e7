import type { Answers } from '../../../lib/gallery-states.js';
import type { Pad } from '../pad.js';

const titles = [
  'Protokoll Bauausschuss',
  '',
  'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurf',
  'Plan',
];

/** Pads made up for the gallery. */
const pad = (n: number): Partial<Pad> => ({
  id: `made-up-${n}`,
  class: 'organisation',
  title: titles[n % titles.length] ?? '',
  right: n % 2 === 0 ? 'own' : 'write',
  shared: n % 3 === 0,
  updated_at: new Date(Date.parse('2026-01-05T07:00:00Z') + n * 3_600_000).toISOString(),
});

export const answers: Answers = {
  '/pads': (count) => ({ items: Array.from({ length: count }, (_, n) => pad(n)), next: '' }),
};
