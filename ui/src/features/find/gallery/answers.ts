import type { Answers } from '../../../lib/gallery-states.js';
import type { Group, Hit, Kind } from '../hit.js';

const tooLong = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurf';
const kinds: readonly Kind[] = ['room', 'message', 'file', 'pad', 'person', 'meeting'];

/** Hits made up for the gallery. */
const hit = (n: number): Hit => ({
  id: `made-up-${n}`,
  title: [{ text: 'Bauhof', hit: true }, { text: n % 3 === 2 ? tooLong : 'sitzung am Dienstag' }],
  excerpt: [
    { text: n % 3 === 1 ? `${tooLong} im ` : 'wie immer im ' },
    { text: 'Bauhof', hit: true },
    { text: ', um neun' },
  ],
  author: { id: 'made-up', name: n % 3 === 1 ? `Dr. Cäcilie-Annemarie von ${tooLong}` : 'Ada Ahorn' },
  room: { id: 'made-up', name: n % 3 === 2 ? tooLong : 'Town-Hall' },
  seq: n + 1,
  at: new Date(Date.parse('2026-01-05T07:00:00Z') + n * 3_600_000).toISOString(),
});

const group = (kind: Kind, count: number): Group => ({
  kind,
  total: count * 20,
  more: count > 20,
  items: Array.from({ length: Math.min(count, 20) }, (_, n) => hit(n)),
});

export const answers: Answers = {
  '/search': (count) => ({ groups: kinds.map((kind) => group(kind, count)), unknown: [] }),
};
