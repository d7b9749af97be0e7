import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium, type Visitor } from './house/browser.js';
import { expectMedia, watchMedia } from './house/media.js';
import type { Account } from './house/people.js';
import { Scene } from './house/scene.js';
import { freePort } from './house/town.js';

const turn = await freePort();
const scene = Scene.forThisFile({
  settings: {
    RATHAUS_MEET_TURN_ENABLED: 'true',
    RATHAUS_MEET_TURN_UDP_PORT: String(turn),
    RATHAUS_MEET_TURN_TCP_PORT: String(turn),
  },
});

let strict: Browser;

beforeAll(async () => {
  strict = await openChromium('--webrtc-ip-handling-policy=disable_non_proxied_udp');
});

afterAll(async () => {
  await strict?.close();
});

let ada: Account | undefined;
const colleague = async () => (ada ??= await scene.barbara.colleague('Ada Albers'));

interface Way {
  readonly protocol: string;
  readonly type: string;
  readonly relay: string;
}

/** How sound and picture reach the town. */
async function way(visitor: Visitor): Promise<Way> {
  return visitor.page.evaluate(async () => {
    const { peers } = globalThis as unknown as { peers: RTCPeerConnection[] };
    let found = { protocol: '', type: '', relay: '' };
    for (const peer of peers) {
      const stats = await peer.getStats();
      stats.forEach((stat) => {
        if (stat.type !== 'transport' || !stat.selectedCandidatePairId) return;
        const local = stats.get(stats.get(stat.selectedCandidatePairId)?.localCandidateId);
        found = {
          protocol: local?.protocol ?? '',
          type: local?.candidateType ?? '',
          relay: local?.relayProtocol ?? '',
        };
      });
    }
    return found;
  });
}

async function enter(visitor: Visitor, meeting: string): Promise<void> {
  await visitor.page.goto(`/meet/${meeting}`);
  await visitor.page.getByRole('button', { name: 'Kamera ausschalten' }).waitFor();
  await visitor.page.getByRole('button', { name: 'Beitreten', exact: true }).click();
  await visitor.page.getByRole('button', { name: /^Personen/ }).waitFor();
}

async function pair(
  title: string,
  browser: Browser,
  prepare: (visitor: Visitor) => Promise<void>,
): Promise<[Visitor, Visitor]> {
  const meeting = await scene.barbara.ask<{ name: string }>('POST', '/meet/meetings', { title });
  const inside = await scene.visit(scene.barbara);
  const outside = scene.keep(await (await colleague()).browse(browser));
  await Promise.all([watchMedia(inside), watchMedia(outside)]);
  await prepare(outside);
  await enter(inside, meeting.name);
  await enter(outside, meeting.name);
  return [inside, outside];
}

test('a browser that may not use UDP at all meets the others over TCP (001-14)', async () => {
  const [inside, outside] = await pair('Landratsamt', strict, async () => undefined);
  await Promise.all([expectMedia(inside), expectMedia(outside)]);
  const { protocol, relay } = await way(outside);
  expect(relay || protocol).toBe('tcp');
});

test('a browser that reaches nothing but the relay meets the others through it (001-14)', async () => {
  const [inside, outside] = await pair('Feuerwache', scene.browser, async (visitor) => {
    await visitor.context.addInitScript(() => {
      const Peer = globalThis.RTCPeerConnection;
      globalThis.RTCPeerConnection = class extends Peer {
        constructor(config?: RTCConfiguration) {
          super({ ...config, iceTransportPolicy: 'relay' });
        }
        override setConfiguration(config?: RTCConfiguration): void {
          super.setConfiguration({ ...config, iceTransportPolicy: 'relay' });
        }
      };
    });
  });
  await Promise.all([expectMedia(inside), expectMedia(outside)]);
  expect((await way(outside)).type).toBe('relay');
});
