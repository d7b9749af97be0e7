import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { type Looks, Visitor } from './browser.js';
import type { Town } from './town.js';

const password = 'Kastanie-Fenster-Wolke';

interface Link {
  readonly url: string;
}

interface Session {
  readonly me: { readonly id: string; readonly name: string };
}

/** How often a name was invited to a town: the second try of a test invites it again. */
const mailboxes = new Map<string, number>();

/** Somebody with an account, as a program: for what a test needs before it begins. */
export class Account {
  #cookie = '';
  id = '';

  private constructor(
    readonly town: Town,
    readonly name: string,
    readonly email: string,
  ) {}

  /** Takes the one-time link and becomes the first administrator. */
  static async first(town: Town, name = 'Barbara Brandt'): Promise<Account> {
    const account = new Account(town, name, 'barbara@musterstadt.example');
    const [, token] = town.setupLink.split('#');
    const session = await account.ask<Session>('POST', '/auth/setup', {
      token,
      town_name: 'Musterstadt',
      name,
      email: account.email,
      password,
    });
    account.id = session.me.id;
    return account;
  }

  /** Invites a colleague, who accepts. */
  async colleague(name: string, role: 'guest' | 'member' | 'auditor' | 'admin' = 'member'): Promise<Account> {
    const mailbox = name.toLowerCase().replace(/[^a-z]+/g, '.');
    const before = mailboxes.get(`${this.town.url} ${mailbox}`) ?? 0;
    mailboxes.set(`${this.town.url} ${mailbox}`, before + 1);
    const email = `${mailbox}${before === 0 ? '' : before}@musterstadt.example`;
    const invitation = await this.ask<Link>('POST', '/auth/invitations', { name, email, role });
    const account = new Account(this.town, name, email);
    const [, token] = invitation.url.split('#');
    const session = await account.ask<Session>('POST', '/auth/invitations/accept', { token, name, password });
    account.id = session.me.id;
    return account;
  }

  /** Calls the API as the portal would. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.town.url}/api/v1${path}`, {
      method,
      headers: {
        'X-Rathaus': '1',
        ...(this.#cookie ? { Cookie: this.#cookie } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${this.name}: ${method} ${path} answered ${answer.status} ${text}`);
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie) this.#cookie = cookie;
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** Writes a message into a room. */
  async say(room: string, text: string): Promise<{ id: string; seq: number }> {
    return this.ask('POST', `/chat/rooms/${room}/messages`, { client_id: randomUUID(), text });
  }

  /** Opens a browser in which this person is signed in. */
  async browse(browser: Browser, looks: Looks = {}, home = this.town.url): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, this.name, home, looks);
    const [name = '', ...value] = this.#cookie.split('=');
    await visitor.context.addCookies([
      { name, value: value.join('='), url: home, httpOnly: true, sameSite: 'Lax' },
    ]);
    return visitor;
  }
}
