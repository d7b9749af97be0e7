import { type Counters, lossBetween, type Reading } from './quality.js';
import type { ICEServer, LinkName, SourceKind } from './wire.js';

/** How session descriptions reach the server. */
export interface Signals {
  publish(offer: string): Promise<string>;
  offer(restart: boolean): Promise<string>;
  answer(sdp: string): Promise<void>;
}

export interface PeersInit {
  readonly signals: Signals;
  readonly iceServers: readonly ICEServer[];
  readonly carried: (mid: string, track: MediaStreamTrack) => void;
  readonly changed: (link: LinkName, state: RTCPeerConnectionState) => void;
}

/** The order of the media sections is part of the protocol. */
const order: readonly SourceKind[] = ['mic', 'camera', 'screen', 'screen_audio'];

/** Three sizes of the camera, the smallest first; the server picks one for each receiver. */
const cameraSizes: RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
];

/** A screen must stay readable: one size less, and fewer pictures before fewer dots. */
const screenSizes: RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 2, maxBitrate: 400_000, maxFramerate: 8 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 20 },
];

/**
 * The two media connections of a call: up carries what we send, down a fixed pool of streams. Both are
 * negotiated once; switching sources on and off or people coming and going needs no new negotiation.
 */
export class Peers {
  #init: PeersInit;
  #up: RTCPeerConnection;
  #down: RTCPeerConnection;
  #senders = new Map<SourceKind, RTCRtpSender>();
  #busy: Record<LinkName, Promise<void>> = { up: Promise.resolve(), down: Promise.resolve() };
  #before: Counters = { received: 0, lost: 0 };
  #closed = false;

  constructor(init: PeersInit) {
    this.#init = init;
    const config: RTCConfiguration = {
      bundlePolicy: 'max-bundle',
      iceServers: init.iceServers.map((server) => ({ ...server, urls: [...server.urls] })),
    };
    this.#up = new RTCPeerConnection(config);
    this.#down = new RTCPeerConnection(config);
    for (const kind of order) this.#senders.set(kind, this.#sender(kind));
    for (const [link, peer] of [
      ['up', this.#up],
      ['down', this.#down],
    ] as const) {
      peer.onconnectionstatechange = () => this.#closed || init.changed(link, peer.connectionState);
    }
    this.#down.ontrack = ({ transceiver, track }) => {
      if (transceiver.mid !== null) init.carried(transceiver.mid, track);
    };
  }

  #sender(kind: SourceKind): RTCRtpSender {
    const media = kind === 'mic' || kind === 'screen_audio' ? 'audio' : 'video';
    const sizes = kind === 'camera' ? cameraSizes : kind === 'screen' ? screenSizes : [];
    const { sender } = this.#up.addTransceiver(media, {
      direction: 'sendonly',
      ...(sizes.length ? { sendEncodings: sizes } : {}),
    });
    return sender;
  }

  /** Connects both ways. */
  async open(): Promise<void> {
    await Promise.all([
      this.#alone('up', () => this.#publish(false)),
      this.#alone('down', () => this.#receive(false)),
    ]);
  }

  /** Looks for another way through the network and keeps all streams. */
  async restart(link: LinkName): Promise<void> {
    await this.#alone(link, () => (link === 'up' ? this.#publish(true) : this.#receive(true)));
  }

  /** Sends a track, or nothing. */
  async send(kind: SourceKind, track: MediaStreamTrack | null): Promise<void> {
    if (!this.#closed) await this.#senders.get(kind)?.replaceTrack(track);
  }

  state(link: LinkName): RTCPeerConnectionState {
    return (link === 'up' ? this.#up : this.#down).connectionState;
  }

  /** How the line is doing since the last look. */
  async reading(paused: number): Promise<Reading> {
    const [up, down] = await Promise.all([this.#up.getStats(), this.#down.getStats()]);
    const now = countersOf(down);
    const loss = Math.max(lossBetween(this.#before, now), reportedLoss(up));
    this.#before = now;
    const path = pathOf(down) ?? pathOf(up);
    return { roundTrip: path?.roundTrip ?? null, loss, paused, detour: path?.detour ?? false };
  }

  close(): void {
    this.#closed = true;
    this.#up.close();
    this.#down.close();
  }

  /** Negotiations of one connection wait for each other. */
  #alone(link: LinkName, work: () => Promise<void>): Promise<void> {
    const run = this.#busy[link].then(async () => {
      if (!this.#closed) await work();
    });
    this.#busy[link] = run.catch(() => undefined);
    return run;
  }

  async #publish(iceRestart: boolean): Promise<void> {
    await this.#up.setLocalDescription(await this.#up.createOffer({ iceRestart }));
    const sdp = await this.#init.signals.publish(this.#up.localDescription?.sdp ?? '');
    await this.#up.setRemoteDescription({ type: 'answer', sdp });
  }

  async #receive(restart: boolean): Promise<void> {
    const sdp = await this.#init.signals.offer(restart);
    await this.#down.setRemoteDescription({ type: 'offer', sdp });
    await this.#down.setLocalDescription(await this.#down.createAnswer());
    await this.#init.signals.answer(this.#down.localDescription?.sdp ?? '');
  }
}

type Stat = Readonly<Record<string, unknown>>;

function all(report: RTCStatsReport): Stat[] {
  const stats: Stat[] = [];
  report.forEach((stat: Stat) => {
    stats.push(stat);
  });
  return stats;
}

const amount = (value: unknown): number => (typeof value === 'number' ? value : 0);

function countersOf(report: RTCStatsReport): Counters {
  const inbound = all(report).filter((stat) => stat.type === 'inbound-rtp');
  return {
    received: inbound.reduce((sum, stat) => sum + amount(stat.packetsReceived), 0),
    lost: inbound.reduce((sum, stat) => sum + Math.max(0, amount(stat.packetsLost)), 0),
  };
}

/** What the server says it has missed of ours. */
function reportedLoss(report: RTCStatsReport): number {
  const remote = all(report).filter((stat) => stat.type === 'remote-inbound-rtp');
  return Math.max(0, ...remote.map((stat) => amount(stat.fractionLost)));
}

function pathOf(report: RTCStatsReport): { roundTrip: number | null; detour: boolean } | null {
  const stats = all(report);
  const transport = stats.find((stat) => stat.type === 'transport');
  const pair = stats.find(
    (stat) => stat.type === 'candidate-pair' && stat.id === transport?.selectedCandidatePairId,
  );
  if (!pair) return null;
  const local = stats.find((stat) => stat.id === pair.localCandidateId);
  const seconds = pair.currentRoundTripTime;
  return {
    roundTrip: typeof seconds === 'number' ? seconds * 1000 : null,
    detour: local?.protocol === 'tcp' || local?.candidateType === 'relay',
  };
}
