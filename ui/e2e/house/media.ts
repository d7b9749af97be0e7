import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Visitor } from './browser.js';

/** What a page receives of the others, summed over its connections. */
export interface Received {
  readonly frames: number;
  readonly energy: number;
  readonly path: string;
}

/** Keeps the page's connections in view and lets it share a screen that is drawn. Call before the first page. */
export async function watchMedia(visitor: Visitor): Promise<void> {
  await visitor.context.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    const sockets: WebSocket[] = [];
    Object.assign(globalThis, { peers, sockets, tcpOnly: false });
    const Peer = globalThis.RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Peer {
      constructor(config?: RTCConfiguration) {
        super(config);
        peers.push(this);
      }
      override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
        const tcpOnly = (globalThis as unknown as { tcpOnly: boolean }).tcpOnly;
        const lines = (description.sdp ?? '').split('\r\n');
        const kept = tcpOnly ? lines.filter((line) => !/^a=candidate:.* udp /i.test(line)) : lines;
        return super.setRemoteDescription({ type: description.type, sdp: kept.join('\r\n') });
      }
    };
    const Socket = globalThis.WebSocket;
    globalThis.WebSocket = class extends Socket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
    if (navigator.mediaDevices) {
      // Small pictures: a test machine encodes and decodes for everybody.
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = (wish) =>
        open(wish?.video ? { ...wish, video: { width: 640, height: 360, frameRate: 15 } } : wish);
      navigator.mediaDevices.getDisplayMedia = async () => {
        const canvas = document.createElement('canvas');
        canvas.width = 960;
        canvas.height = 540;
        const pen = canvas.getContext('2d');
        let at = 0;
        setInterval(() => {
          if (!pen) return;
          pen.fillStyle = at % 2 ? 'navy' : 'teal';
          pen.fillRect(0, 0, 960, 540);
          pen.fillStyle = 'white';
          pen.font = '96px sans-serif';
          pen.fillText(`Haushalt ${at++}`, 150, 280);
        }, 200);
        return canvas.captureStream(5);
      };
    }
  });
}

/** From now on this page reaches the media port over TCP alone, as behind a firewall. */
export async function blockUDP(visitor: Visitor): Promise<void> {
  await visitor.context.addInitScript(() => {
    Object.assign(globalThis, { tcpOnly: true });
  });
}

/** Breaks the socket without a word, as a change of network does. */
export async function breakSocket(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const socket of (globalThis as unknown as { sockets: WebSocket[] }).sockets) socket.close();
  });
}

export async function received(page: Page): Promise<Received> {
  return page.evaluate(async () => {
    const { peers } = globalThis as unknown as { peers: RTCPeerConnection[] };
    let frames = 0;
    let energy = 0;
    let path = '';
    for (const peer of peers) {
      if (peer.connectionState === 'closed') continue;
      const stats = await peer.getStats();
      stats.forEach((stat) => {
        if (stat.type === 'inbound-rtp' && stat.kind === 'video') frames += stat.framesDecoded ?? 0;
        if (stat.type === 'inbound-rtp' && stat.kind === 'audio') energy += stat.totalAudioEnergy ?? 0;
        if (stat.type === 'transport' && stat.selectedCandidatePairId) {
          const pair = stats.get(stat.selectedCandidatePairId);
          path = stats.get(pair?.localCandidateId)?.protocol ?? path;
        }
      });
    }
    return { frames, energy, path };
  });
}

/** Waits until pictures and sound of somebody else arrive anew. */
export async function expectMedia(visitor: Visitor, page: Page = visitor.page): Promise<Received> {
  const before = await received(page);
  await expect
    .poll(async () => (await received(page)).frames - before.frames, {
      timeout: 20_000,
      message: `${visitor.name} sees moving pictures`,
    })
    .toBeGreaterThan(10);
  await expect
    .poll(async () => (await received(page)).energy - before.energy, {
      timeout: 20_000,
      message: `${visitor.name} hears sound`,
    })
    .toBeGreaterThan(0.0005);
  return received(page);
}

/** Waits until nothing arrives any more. */
export async function expectSilence(visitor: Visitor, page: Page = visitor.page): Promise<void> {
  let last = -1;
  await expect
    .poll(
      async () => {
        const { frames } = await received(page);
        const same = frames === last;
        last = frames;
        return same;
      },
      { timeout: 10_000, interval: 400, message: `${visitor.name} sees nothing any more` },
    )
    .toBe(true);
}
