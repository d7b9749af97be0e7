import { remember, remembered } from '../../lib/storage/local.js';

export type DeviceKind = 'mic' | 'camera';

/**
 * unasked: nothing was opened yet. open: it works. off: works, but is switched off now. denied: the
 * person or the browser refuses. missing: there is none. busy: another program has it. insecure: the
 * page is not on https, so the browser hides all devices.
 */
export type DeviceState = 'unasked' | 'open' | 'off' | 'denied' | 'missing' | 'busy' | 'insecure';

export interface Device {
  readonly id: string;
  readonly label: string;
}

/** The part of navigator.mediaDevices that is used here. */
export type MediaSource = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

/** Camera, microphone and loudspeaker of this computer, and what the person chose of them. */
export class Devices {
  mic = $state.raw<MediaStreamTrack | null>(null);
  camera = $state.raw<MediaStreamTrack | null>(null);
  micState = $state<DeviceState>('unasked');
  cameraState = $state<DeviceState>('unasked');
  mics = $state.raw<readonly Device[]>([]);
  cameras = $state.raw<readonly Device[]>([]);
  speakers = $state.raw<readonly Device[]>([]);
  chosenMic = $state(remembered('meet.mic') ?? '');
  chosenCamera = $state(remembered('meet.camera') ?? '');
  chosenSpeaker = $state(remembered('meet.speaker') ?? '');
  /** What the person last wanted when entering. */
  wantsMic = $state(remembered('meet.wantsMic') !== 'no');
  wantsCamera = $state(remembered('meet.wantsCamera') !== 'no');
  #source: MediaSource | undefined;
  /** Counts what was asked of a device: the browser may give it only when it is not wanted any more. */
  #wanted: Record<DeviceKind, number> = { mic: 0, camera: 0 };
  #lost: ((kind: DeviceKind) => void) | null = null;

  constructor(source: MediaSource | undefined = globalThis.navigator?.mediaDevices) {
    this.#source = source;
  }

  /** Follows what is plugged in and out; lost is told when an open device goes away. Call the result to stop. */
  watch(lost: (kind: DeviceKind) => void = () => undefined): () => void {
    this.#lost = lost;
    const changed = () => void this.list();
    this.#source?.addEventListener('devicechange', changed);
    void this.list();
    return () => this.#source?.removeEventListener('devicechange', changed);
  }

  /** Reads the names of the devices; browsers give them only after the first permission. */
  async list(): Promise<void> {
    const all = (await this.#source?.enumerateDevices().catch(() => [])) ?? [];
    const of = (kind: MediaDeviceKind) =>
      all
        .filter((device) => device.kind === kind && device.deviceId !== '')
        .map((device) => ({ id: device.deviceId, label: device.label }));
    this.mics = of('audioinput');
    this.cameras = of('videoinput');
    this.speakers = of('audiooutput');
  }

  state(kind: DeviceKind): DeviceState {
    return kind === 'mic' ? this.micState : this.cameraState;
  }

  track(kind: DeviceKind): MediaStreamTrack | null {
    return kind === 'mic' ? this.mic : this.camera;
  }

  /** Opens a device, asking for permission if needed. Returns null when that does not work; state() says why. */
  async open(kind: DeviceKind): Promise<MediaStreamTrack | null> {
    const open = this.track(kind);
    if (open && open.readyState === 'live') {
      open.enabled = true;
      this.#become(kind, 'open', open);
      return open;
    }
    if (!this.#source) {
      this.#become(kind, 'insecure', null);
      return null;
    }
    const wanted = ++this.#wanted[kind];
    try {
      const stream = await this.#source.getUserMedia(this.#wish(kind));
      const track = stream.getTracks()[0] ?? null;
      if (wanted !== this.#wanted[kind]) {
        track?.stop();
        return null;
      }
      this.#become(kind, track ? 'open' : 'missing', track);
      if (track) track.onended = () => this.#ended(kind, track);
      void this.list();
      return track;
    } catch (cause) {
      if (wanted === this.#wanted[kind]) this.#become(kind, reasonOf(cause), null);
      return null;
    }
  }

  /** Switches a device off. The camera is let go, so that its light goes out; the microphone stays ready. */
  close(kind: DeviceKind): void {
    this.#wanted[kind] += 1;
    const track = this.track(kind);
    if (kind === 'mic' && track?.readyState === 'live') {
      track.enabled = false;
      this.#become(kind, 'off', track);
      return;
    }
    if (track) {
      track.onended = null;
      track.stop();
    }
    const state = this.state(kind);
    this.#become(kind, state === 'open' ? 'off' : state, null);
  }

  /** Lets everything go. */
  release(): void {
    for (const kind of ['mic', 'camera'] as const) {
      this.#wanted[kind] += 1;
      const track = this.track(kind);
      if (track) {
        track.onended = null;
        track.stop();
      }
      this.#become(kind, 'unasked', null);
    }
  }

  /** Changes to another device and opens it if the present one is open. */
  async choose(kind: DeviceKind, id: string): Promise<MediaStreamTrack | null> {
    if (kind === 'mic') this.chosenMic = id;
    else this.chosenCamera = id;
    remember(`meet.${kind}`, id);
    const before = this.track(kind);
    const on = this.state(kind) === 'open';
    if (before) {
      before.onended = null;
      before.stop();
    }
    this.#become(kind, 'off', null);
    return on ? this.open(kind) : null;
  }

  chooseSpeaker(id: string): void {
    this.chosenSpeaker = id;
    remember('meet.speaker', id);
  }

  /** Remembers how the person enters, for the next time. */
  want(kind: DeviceKind, on: boolean): void {
    if (kind === 'mic') this.wantsMic = on;
    else this.wantsCamera = on;
    remember(kind === 'mic' ? 'meet.wantsMic' : 'meet.wantsCamera', on ? '' : 'no');
  }

  #wish(kind: DeviceKind): MediaStreamConstraints {
    const id = kind === 'mic' ? this.chosenMic : this.chosenCamera;
    // "ideal" and not "exact": a device that is not plugged in today must not keep anybody out.
    const device = id === '' ? {} : { deviceId: { ideal: id } };
    return kind === 'mic'
      ? { audio: { ...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true } }
      : {
          video: {
            ...device,
            width: { ideal: 1280 },
            height: { ideal: 720 },
            frameRate: { ideal: 25, max: 30 },
          },
        };
  }

  #become(kind: DeviceKind, state: DeviceState, track: MediaStreamTrack | null): void {
    if (kind === 'mic') {
      this.micState = state;
      this.mic = track;
    } else {
      this.cameraState = state;
      this.camera = track;
    }
  }

  #ended(kind: DeviceKind, track: MediaStreamTrack): void {
    if (this.track(kind) !== track) return;
    this.#become(kind, 'missing', null);
    void this.list();
    this.#lost?.(kind);
  }
}

function reasonOf(cause: unknown): DeviceState {
  switch (cause instanceof Error ? cause.name : '') {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    case 'SecurityError':
    case 'TypeError':
      return 'insecure';
    default:
      return 'denied';
  }
}
