import { call } from '../../lib/api/index.js';
import type { Output } from '../../lib/api/operations.js';
import { formatFragment } from '../../lib/crypto/fragment.js';
import { type PadSecret, viewSecret } from '../../lib/crypto/padkeys.js';
import { Resource } from '../../lib/resource.svelte.js';
import { href } from '../../lib/router/index.js';
import type { Pad } from './pad.js';
import type { Subject } from './subjects.js';

export type Share = NonNullable<Output<'GET /pads/{pad}/shares'>['items']>[number];
export type Link = NonNullable<Output<'GET /pads/{pad}/links'>['items']>[number];
export type LinkRight = 'read' | 'write';

const day = 24 * 60 * 60 * 1_000;

/** How long a link may live, in days. */
export const linkLives = ['1', '7', '30', '365'] as const;
export type LinkLife = (typeof linkLives)[number];

/** Who may do what with a pad, and its links. */
export class Sharing {
  readonly shares = new Resource(async (signal) => {
    const answer = await call('GET /pads/{pad}/shares', { path: this.#path, signal });
    return answer.items ?? [];
  });
  readonly links = new Resource(async (signal) => {
    const answer = await call('GET /pads/{pad}/links', { path: this.#path, signal });
    return answer.items ?? [];
  });
  readonly #pad: Pad;
  readonly #secret: PadSecret | null;

  constructor(pad: Pad, secret: PadSecret | null) {
    this.#pad = pad;
    this.#secret = secret;
  }

  get #path() {
    return { pad: this.#pad.id };
  }

  /** The right of everyone in the town. */
  get everyone(): LinkRight | 'none' {
    const share = this.shares.data?.find((one) => one.kind === 'everyone');
    return share === undefined ? 'none' : share.right === 'write' ? 'write' : 'read';
  }

  /** A link that lets people of the town in who have a right already; it only carries the key. */
  get ownAddress(): string {
    return address(href('pad', { pad: this.#pad.id }), null, this.#secret);
  }

  async give(subject: Pick<Subject, 'kind' | 'id'>, right: Share['right']): Promise<void> {
    const path = { ...this.#path, kind: subject.kind, subject: subject.id };
    await call('PUT /pads/{pad}/shares/{kind}/{subject}', { path, body: { right } });
    this.shares.load();
  }

  async take(share: Pick<Share, 'kind' | 'subject_id'>): Promise<void> {
    const path = { ...this.#path, kind: share.kind, subject: share.subject_id };
    await call('DELETE /pads/{pad}/shares/{kind}/{subject}', { path });
    this.shares.load();
  }

  async setEveryone(right: LinkRight | 'none'): Promise<void> {
    const path = { ...this.#path, kind: 'everyone' as const, subject: 'everyone' };
    if (right === 'none') await call('DELETE /pads/{pad}/shares/{kind}/{subject}', { path });
    else await call('PUT /pads/{pad}/shares/{kind}/{subject}', { path, body: { right } });
    this.shares.load();
  }

  /** Makes a link and returns its whole address, which cannot be shown again. */
  async makeLink(right: LinkRight, life: LinkLife, label: string): Promise<string> {
    const expires = new Date(Date.now() + Number(life) * day).toISOString();
    const made = await call('POST /pads/{pad}/links', {
      path: this.#path,
      body: { right, label, expires_at: expires },
    });
    this.links.load();
    return address(href('sharedPad', { pad: this.#pad.id }), made.token ?? '', await this.#secretFor(right));
  }

  async endLink(link: Link): Promise<void> {
    await call('DELETE /pads/{pad}/links/{link}', { path: { ...this.#path, link: link.id } });
    this.links.load();
    this.shares.load();
  }

  async #secretFor(right: LinkRight): Promise<PadSecret | null> {
    if (this.#secret === null || right === 'write') return this.#secret;
    return viewSecret(this.#secret);
  }
}

function address(path: string, token: string | null, secret: PadSecret | null): string {
  const url = new URL(path, location.origin);
  url.hash = formatFragment({ token, secret });
  return url.href;
}
