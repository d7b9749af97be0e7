import { describe, expect, it } from 'vitest';
import { ben, room } from './fixtures.js';
import { disturbs, isMuted, isQuiet } from './quiet.js';
import type { Bump, Settings } from './wire.js';

const settings = (quiet: Partial<Settings['quiet']> = {}): Settings => ({
  quiet: { times: [], ...quiet },
  hide_content: false,
  sound: true,
  announce: 'all',
  presence: false,
  receipts: false,
});
const bump = (rest: Partial<Bump> = {}): Bump => ({
  room_id: 'r1',
  seq: 2,
  message_seq: 2,
  author: ben,
  unread: 1,
  mentions: 0,
  ...rest,
});
/** A moment in Berlin, in winter. */
const berlin = (text: string) => new Date(`${text}:00+01:00`);
const evenings = {
  zone: 'Europe/Berlin',
  times: [{ days: [1, 2, 3, 4, 5], from: '18:00', to: '07:30' }],
};

describe('do not disturb (000-07)', () => {
  it('keeps to hours and days, and goes on to the next morning', () => {
    const quiet = { ...evenings };
    // 2 November 2026 is a Monday.
    expect(isQuiet(quiet, berlin('2026-11-02T17:59'))).toBe(false);
    expect(isQuiet(quiet, berlin('2026-11-02T18:00'))).toBe(true);
    expect(isQuiet(quiet, berlin('2026-11-03T07:29'))).toBe(true);
    expect(isQuiet(quiet, berlin('2026-11-03T07:30'))).toBe(false);
    expect(isQuiet(quiet, berlin('2026-11-07T07:00')), 'Saturday morning belongs to Friday').toBe(true);
    expect(isQuiet(quiet, berlin('2026-11-07T20:00')), 'Saturday evening').toBe(false);
    expect(isQuiet(quiet, berlin('2026-11-02T07:00')), 'Monday morning belongs to Sunday').toBe(false);
  });

  it('is by the clock of the person, summer and winter, wherever the device is', () => {
    const quiet = { zone: 'Europe/Berlin', times: [{ days: [7], from: '20:00', to: '20:30' }] };
    expect(isQuiet(quiet, new Date('2026-07-05T18:10:00Z'))).toBe(true);
    expect(isQuiet(quiet, new Date('2026-12-06T19:10:00Z'))).toBe(true);
    expect(isQuiet(quiet, new Date('2026-12-06T18:10:00Z'))).toBe(false);
  });

  it('takes a whole day, and an unknown zone as that of the device', () => {
    const quiet = {
      zone: 'Mond/Krater',
      times: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }],
    };
    expect(isQuiet(quiet, new Date())).toBe(true);
  });

  it('holds until a moment', () => {
    const quiet = { until: '2026-11-02T15:00:00Z', times: [] };
    expect(isQuiet(quiet, new Date('2026-11-02T14:59:59Z'))).toBe(true);
    expect(isQuiet(quiet, new Date('2026-11-02T15:00:00Z'))).toBe(false);
  });
});

describe('a notice', () => {
  const now = berlin('2026-11-02T12:00');
  it('comes by level, and never from a silent message or room', () => {
    expect(disturbs(bump(), room(), settings(), now)).toBe(true);
    expect(disturbs(bump({ silent: true, mentions: 1 }), room(), settings(), now)).toBe(false);
    expect(disturbs(bump(), room({ level: 'mentions' }), settings(), now)).toBe(false);
    expect(disturbs(bump({ mentions: 1 }), room({ level: 'mentions' }), settings(), now)).toBe(true);
    expect(disturbs(bump(), room({ level: 'mentions', kind: 'direct' }), settings(), now)).toBe(true);
    expect(disturbs(bump({ mentions: 1 }), room({ level: 'none' }), settings(), now)).toBe(false);
    const muted = room({ muted_until: '2026-11-02T12:00:00Z' });
    expect(disturbs(bump({ mentions: 1 }), muted, settings(), now)).toBe(false);
    expect(isMuted(muted, new Date('2026-11-02T12:00:00Z'))).toBe(false);
  });

  it('does not come while the person wants no disturbance', () => {
    const evening = berlin('2026-11-02T19:00');
    expect(disturbs(bump({ mentions: 1 }), room(), settings(evenings), evening)).toBe(false);
  });
});
