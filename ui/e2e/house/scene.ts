import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Looks, openChromium, Visitor } from './browser.js';
import { Account } from './people.js';
import { Town } from './town.js';

export interface SceneOptions {
  readonly settings?: Record<string, string>;
  /** Arguments for Chromium. */
  readonly chromium?: readonly string[];
  /** False where a test makes the first administrator itself. */
  readonly settled?: boolean;
}

/** One town and one browser for all tests of a file, and everybody who looks in during a test. */
export class Scene {
  #town: Town | undefined;
  #browser: Browser | undefined;
  #first: Account | undefined;
  readonly #visitors: Visitor[] = [];

  get town(): Town {
    if (!this.#town) throw new Error('the town has not started');
    return this.#town;
  }

  get browser(): Browser {
    if (!this.#browser) throw new Error('the browser has not started');
    return this.#browser;
  }

  /** The first administrator. */
  get barbara(): Account {
    if (!this.#first) throw new Error('the town has no administrator yet');
    return this.#first;
  }

  /** Starts at the beginning of the file, ends with it, and looks for trouble after every test. */
  static forThisFile(options: SceneOptions = {}): Scene {
    const scene = new Scene();
    beforeAll(async () => {
      scene.#town = await Town.start(options.settings);
      scene.#browser = await openChromium(...(options.chromium ?? []));
      if (options.settled !== false) scene.#first = await Account.first(scene.#town);
    });
    afterEach(async () => {
      const visitors = scene.#visitors.splice(0);
      try {
        for (const visitor of visitors) visitor.expectNoTrouble();
      } finally {
        for (const visitor of visitors) await visitor.leave();
      }
    });
    afterAll(async () => {
      await scene.#browser?.close();
      await scene.#town?.leave();
    });
    return scene;
  }

  /** Somebody who is not signed in. */
  async stranger(name = 'Besuch', looks: Looks = {}, home = this.town.url): Promise<Visitor> {
    return this.keep(await Visitor.arrive(this.browser, name, home, looks));
  }

  /** Somebody who is signed in already. */
  async visit(account: Account, looks: Looks = {}, home = this.town.url): Promise<Visitor> {
    return this.keep(await account.browse(this.browser, looks, home));
  }

  /** Closes the visitor's browser when the test ends. */
  keep(visitor: Visitor): Visitor {
    this.#visitors.push(visitor);
    return visitor;
  }
}
