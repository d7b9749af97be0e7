import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Devices, type MediaSource } from './devices.svelte.js';

class FakeTrack {
  enabled = true;
  readyState: 'live' | 'ended' = 'live';
  onended: (() => void) | null = null;
  stop = vi.fn(() => {
    this.readyState = 'ended';
  });
}

function setUp(refusal?: string) {
  const tracks: FakeTrack[] = [];
  const wishes: MediaStreamConstraints[] = [];
  const source = {
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
    enumerateDevices: async () => [{ kind: 'audioinput', deviceId: 'm1', label: 'Headset' }],
    getUserMedia: async (wish: MediaStreamConstraints) => {
      wishes.push(wish);
      if (refusal) throw Object.assign(new Error('no'), { name: refusal });
      const track = new FakeTrack();
      tracks.push(track);
      return { getTracks: () => [track] };
    },
  };
  return { devices: new Devices(source as unknown as MediaSource), tracks, wishes };
}

beforeEach(() => localStorage.clear());

describe('devices', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['TypeError', 'insecure'],
  ])('turn %s into %s', async (refusal, state) => {
    const { devices } = setUp(refusal);
    expect(await devices.open('camera')).toBeNull();
    expect(devices.cameraState).toBe(state);
  });

  it('say that a page without https gets none', async () => {
    const devices = new Devices(undefined);
    await devices.open('mic');
    expect(devices.micState).toBe('insecure');
  });

  it('let the camera go when it is switched off, and keep the microphone ready', async () => {
    const { devices, tracks } = setUp();
    await devices.open('camera');
    await devices.open('mic');
    devices.close('camera');
    devices.close('mic');
    expect(tracks[0]?.stop).toHaveBeenCalled();
    expect(tracks[1]?.stop).not.toHaveBeenCalled();
    expect(tracks[1]?.enabled).toBe(false);
    await devices.open('mic');
    expect(tracks).toHaveLength(2);
    expect(tracks[1]?.enabled).toBe(true);
  });

  it('remember the chosen device and ask for it without insisting', async () => {
    const { devices } = setUp();
    await devices.choose('mic', 'm1');
    const later = setUp();
    await later.devices.open('mic');
    expect(later.wishes[0]).toMatchObject({ audio: { deviceId: { ideal: 'm1' } } });
  });

  it.each(['release', 'close'] as const)('that open after a %s are let go at once', async (how) => {
    const { devices, tracks } = setUp();
    const opening = devices.open('camera');
    if (how === 'release') devices.release();
    else devices.close('camera');
    expect(await opening).toBeNull();
    expect(tracks[0]?.stop).toHaveBeenCalled();
    expect(devices.camera).toBeNull();
    expect(devices.cameraState).toBe('unasked');
  });

  it('notice when an open device is unplugged', async () => {
    const { devices, tracks } = setUp();
    const lost = vi.fn();
    devices.watch(lost);
    await devices.open('mic');
    tracks[0]?.onended?.();
    expect(lost).toHaveBeenCalledWith('mic');
    expect(devices.micState).toBe('missing');
  });
});
