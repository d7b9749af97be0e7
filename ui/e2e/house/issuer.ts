import { startIssuer } from '../oidc-provider.mjs';
import type { Visitor } from './browser.js';
import { freePort, Town } from './town.js';

export interface Provider {
  readonly name: string;
  readonly label: string;
  /** Sign-in name → what the provider says about the person. */
  readonly users: Readonly<Record<string, object>>;
}

interface Issuer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A town whose people sign in with the accounts of other houses. */
export class Federation {
  private constructor(
    readonly town: Town,
    private readonly issuers: ReadonlyMap<string, Issuer>,
  ) {}

  static async start(providers: readonly Provider[]): Promise<Federation> {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const issuers = new Map<string, Issuer>();
    const settings: Record<string, string> = {
      RATHAUS_SERVER_LISTEN: `127.0.0.1:${port}`,
      RATHAUS_SERVER_PUBLIC_URL: url,
    };
    for (const [at, { name, label, users }] of providers.entries()) {
      const issuer = await startIssuer({
        port: await freePort(),
        users,
        label,
        redirectUri: `${url}/api/v1/auth/oidc/${name}/callback`,
        backchannelUri: `${url}/api/v1/auth/oidc/${name}/backchannel`,
        loggedOutUri: `${url}/login`,
      });
      issuers.set(name, issuer);
      const key = `RATHAUS_AUTH_OIDC_${at}`;
      settings[`${key}_NAME`] = name;
      settings[`${key}_LABEL`] = label;
      settings[`${key}_ISSUER`] = issuer.url;
      settings[`${key}_CLIENT_ID`] = issuer.clientId;
      settings[`${key}_CLIENT_SECRET`] = issuer.clientSecret;
    }
    return new Federation(await Town.start(settings), issuers);
  }

  /** Signs somebody in at their own house, as they do it. */
  async signIn(visitor: Visitor, provider: string, label: string, login: string): Promise<void> {
    const { page } = visitor;
    for (const issuer of this.issuers.values()) visitor.allow(issuer.url);
    await page.goto(`${this.town.url}/login`);
    await page.getByRole('link', { name: `Weiter mit ${label}` }).click();
    await page.waitForURL(`${this.issuers.get(provider)?.url}/**`);
    await page.getByLabel('Name').fill(login);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.waitForURL(`${this.town.url}/**`);
  }

  async leave(): Promise<void> {
    await this.town.leave();
    for (const issuer of this.issuers.values()) await issuer.close();
  }
}
