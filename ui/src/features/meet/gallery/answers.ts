import type { Answers } from '../../../lib/gallery-states.js';
import type { MeetingList, Summary } from '../wire.js';

const titles = [
  'Bauausschuss',
  '',
  'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurf',
];

/** Meetings made up for the gallery. */
const meeting = (n: number, running: boolean): Summary => ({
  id: `made-up-${n}`,
  name: `made-up-${n}`,
  title: titles[n % titles.length] ?? '',
  access: 'town',
  guests: n % 2 === 0,
  running,
  started_at: new Date(Date.parse('2026-01-05T07:00:00Z') + n * 3_600_000).toISOString(),
  participants: n * n,
  people: ['Ada Ahorn', 'Bernd Buche', 'Dr. Cäcilie-Annemarie von und zu Linden-Eschenbach-Hohenfels'].slice(
    0,
    n + 1,
  ),
});

const list = (count: number): MeetingList => ({
  running: Array.from({ length: count }, (_, n) => meeting(n, true)),
  mine: Array.from({ length: count }, (_, n) => meeting(n, false)),
});

export const answers: Answers = { '/meet/meetings': list };
