import { call } from './api/client.js';
import type { Output } from './api/operations.js';
import { preferences } from './device/preferences.svelte.js';
import type { Formality } from './i18n/index.svelte.js';
import type { Access } from './router/route.js';

type State = Output<'GET /auth/session'>;

const roles = ['guest', 'member', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

export type Me = Omit<NonNullable<State['me']>, 'role'> & { readonly role: Role };
export type Town = Omit<State['town'], 'formality'> & { readonly formality: Formality };

const rank: Record<Access, number> = { public: 0, guest: 1, account: 2, member: 3, auditor: 4, admin: 5 };

/** A guest of the town has an account; one who came by a link has only that link. */
const rankOf = (me: Me): number => (me.role === 'guest' && !me.guest ? rank.account : rank[me.role]);

const nowhere: Town = {
  name: 'Rathaus',
  locale: 'de',
  formality: 'sie',
  accent: '#1f5f8b',
  coat_of_arms: false,
  pages: [],
};

/** An unknown role may do nothing that this application knows of, so it counts as the least one. */
const readRole = (text: string): Role => roles.find((role) => role === text) ?? 'guest';

/** Who uses this browser, and in which town. */
class Session {
  state = $state<'loading' | 'failed' | 'ready'>('loading');
  error = $state.raw<unknown>(null);
  me = $state.raw<Me | null>(null);
  town = $state.raw<Town>(nowhere);
  /** Ways to sign in, features of this server, whether it needs a first administrator. */
  server = $state.raw<Omit<State, 'me' | 'town'> | null>(null);

  /** Asks the server; also after signing in or out. */
  async load(): Promise<void> {
    try {
      const { me, town, ...server } = await call('GET /auth/session');
      if (me && me.id !== this.me?.id) preferences.adopt(me);
      this.me = me ? { ...me, role: readRole(me.role) } : null;
      this.town = { ...town, formality: town.formality === 'du' ? 'du' : 'sie' };
      this.server = server;
      this.state = 'ready';
    } catch (cause) {
      this.error = cause;
      if (this.state !== 'ready') this.state = 'failed';
    }
  }

  /** Whether a page or command may be shown. The server decides on every call again. */
  may(access: Access): boolean {
    return rank[access] <= (this.me ? rankOf(this.me) : 0);
  }

  /** The server does not know us any more. */
  ended(): void {
    this.me = null;
  }
}

export const session = new Session();
