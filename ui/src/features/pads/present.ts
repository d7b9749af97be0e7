import { t } from '../../lib/i18n/index.svelte.js';

/** Somebody in the pad, as everybody there tells it of themselves. */
export interface Named {
  readonly id: string;
  readonly name: string;
  /** Came by a link and chose the name. */
  readonly guest: boolean;
}

/** Reads what another browser says of the person who writes there. */
export function readNamed(value: unknown): Named {
  if (typeof value !== 'object' || value === null) return { id: '', name: '', guest: false };
  const { id, name, guest } = value as Record<string, unknown>;
  return {
    id: String(id ?? '').slice(0, 64),
    name: String(name ?? '').slice(0, 80),
    guest: guest === true,
  };
}

/** What somebody is called: a name that a guest chose is marked, so that nobody is taken for a colleague. */
export function calledName({ name, guest }: Pick<Named, 'name' | 'guest'>): string {
  if (name === '') return t('pads.guest');
  return guest ? t('pads.guest_named', { name }) : name;
}
