import type { Looks, Visitor } from './browser.js';
import type { Account } from './people.js';
import type { Scene } from './scene.js';

interface Made {
  readonly id: string;
}

/** The people and rooms of a file of tests about talking. */
export class Talking {
  readonly #people = new Map<string, Account>();

  constructor(readonly scene: Scene) {}

  /** A colleague of that name, invited once. */
  async person(name: string): Promise<Account> {
    const known = this.#people.get(name) ?? (await this.scene.barbara.colleague(name));
    this.#people.set(name, known);
    return known;
  }

  /** A private room of Barbara's with these people. */
  async room(name: string, ...members: readonly Account[]): Promise<string> {
    const made = await this.scene.barbara.ask<Made>('POST', '/chat/rooms', {
      kind: 'private',
      name,
      members: members.map((member) => member.id),
    });
    return made.id;
  }

  /** Somebody with a page open. */
  async enter(account: Account, path: string, looks: Looks = {}): Promise<Visitor> {
    const visitor = await this.scene.visit(account, looks);
    await visitor.page.goto(path);
    return visitor;
  }
}
