/** Made-up things for the gallery; nothing here reaches people. */
export const surfaces = [
  'ground',
  'column',
  'surface',
  'raised',
  'sunken',
  'accent-soft',
  'green-soft',
  'amber-soft',
  'red-soft',
  'violet-soft',
];
export const inks = ['ink', 'ink-soft', 'ink-faint', 'accent-ink', 'green', 'amber', 'red', 'violet'];
export const accents = [
  '#1f5f8b',
  '#0b6e4f',
  '#8a1c3b',
  '#e3b505',
  '#5b3fa8',
  '#d1495b',
  '#333333',
  '#00a6d6',
  '#ffffff',
];

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly mail: string;
  readonly since: string;
}

const names = [
  'Ada Brückner',
  'Ben Yılmaz',
  'Cem Öztürk',
  'Dr. Karla von der Heide',
  'Emre Aydın',
  'Frauke Thießen',
  'Günther Großmann',
  'Hannelore Müller-Lüdenscheidt',
  'Ines Vogt',
  'Jürgen Weiß',
  'Käthe Süß',
  'Łukasz Wiśniewski',
];
const offices = ['Bauamt', 'Bürgerbüro', 'Kämmerei', 'Ordnungsamt', 'Straßenverkehrsbehörde'];

export const people: readonly Person[] = names.map((name, at) => ({
  id: `person-${at}`,
  name,
  hint: offices[at % offices.length] ?? '',
  mail: `${name.split(' ')[0]?.toLowerCase() ?? 'post'}@musterlingen.example`,
  since: new Date(Date.UTC(2026, at % 11, 3 + at, 9)).toISOString(),
}));

export const longName =
  'Arbeitskreis Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung und Bauleitplanung';

/** So many rows that a list has to prove itself. */
export const many = (count: number): readonly Person[] =>
  Array.from({ length: count }, (_, at) => {
    const person = people[at % people.length];
    return {
      id: `row-${at}`,
      name: `${person?.name ?? ''} ${at + 1}`,
      hint: person?.hint ?? '',
      mail: person?.mail ?? '',
      since: person?.since ?? '',
    };
  });

export function findPeople(query: string): Promise<readonly Person[]> {
  return Promise.resolve(
    people.filter((person) => person.name.toLocaleLowerCase().includes(query.toLocaleLowerCase())),
  );
}
