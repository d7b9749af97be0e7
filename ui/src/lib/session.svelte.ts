import { call } from './api/client.js';
import type { Formality } from './i18n/index.svelte.js';
import type { Access } from './router/route.js';

export type Role = 'guest' | 'member' | 'auditor' | 'admin';

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly email?: string | undefined;
}

export interface Town {
  readonly name: string;
  readonly locale: string;
  readonly formality: Formality;
  readonly accent: string;
}

const rank: Record<Role, number> = { guest: 1, member: 2, auditor: 3, admin: 4 };
const needs: Record<Access, number> = { public: 0, guest: 1, member: 2, auditor: 3, admin: 4 };
const nowhere: Town = { name: 'Rathaus', locale: 'de', formality: 'sie', accent: '#1f5f8b' };

/** Who uses this browser, and in which town. */
class Session {
  state = $state<'loading' | 'failed' | 'ready'>('loading');
  error = $state.raw<unknown>(null);
  me = $state.raw<Me | null>(null);
  town = $state.raw<Town>(nowhere);
  /** Nobody has set the town up yet. */
  needsSetup = $state(false);

  /** Asks the server; also after signing in or out. */
  async load(): Promise<void> {
    try {
      const answer = await call('GET /auth/session');
      this.me = answer.me ?? null;
      this.town = { ...answer.town, formality: answer.town.formality === 'du' ? 'du' : 'sie' };
      this.needsSetup = answer.setup;
      this.state = 'ready';
    } catch (cause) {
      this.error = cause;
      if (this.state !== 'ready') this.state = 'failed';
    }
  }

  /** Whether a page or command may be shown. The server decides on every call again. */
  may(access: Access): boolean {
    return needs[access] <= (this.me ? rank[this.me.role] : 0);
  }

  /** The server does not know us any more. */
  ended(): void {
    this.me = null;
  }
}

export const session = new Session();
