/** How good the connection is, in three words. Pure. */

export type Quality = 'good' | 'fair' | 'poor';

export interface Reading {
  /** Milliseconds there and back; null while unknown. */
  readonly roundTrip: number | null;
  /** Packets that were lost since the last reading, 0 to 1. */
  readonly loss: number;
  /** Pictures held back because the line is too narrow. */
  readonly paused: number;
  /** Media goes over TCP or a relay because the network blocks UDP. */
  readonly detour: boolean;
}

export function judge({ roundTrip, loss, paused }: Reading): Quality {
  if (loss > 0.08 || (roundTrip ?? 0) > 500) return 'poor';
  if (loss > 0.03 || (roundTrip ?? 0) > 250 || paused > 0) return 'fair';
  return 'good';
}

export interface Counters {
  readonly received: number;
  readonly lost: number;
}

/** What was lost between two readings of running totals. */
export function lossBetween(before: Counters, now: Counters): number {
  const lost = Math.max(0, now.lost - before.lost);
  const received = Math.max(0, now.received - before.received);
  return lost + received === 0 ? 0 : lost / (lost + received);
}
