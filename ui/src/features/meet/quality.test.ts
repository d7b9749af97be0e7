import { describe, expect, it } from 'vitest';
import { judge, lossBetween } from './quality.js';

const fine = { roundTrip: 40, loss: 0, paused: 0, detour: false };

describe('the quality', () => {
  it('is good on a quiet line, whatever the way', () => {
    expect(judge(fine)).toBe('good');
    expect(judge({ ...fine, detour: true, roundTrip: null })).toBe('good');
  });

  it('falls with loss, delay and pictures held back', () => {
    expect(judge({ ...fine, loss: 0.05 })).toBe('fair');
    expect(judge({ ...fine, roundTrip: 300 })).toBe('fair');
    expect(judge({ ...fine, paused: 1 })).toBe('fair');
    expect(judge({ ...fine, loss: 0.2 })).toBe('poor');
    expect(judge({ ...fine, roundTrip: 900 })).toBe('poor');
  });

  it('counts what was lost since the last look', () => {
    expect(lossBetween({ received: 100, lost: 10 }, { received: 190, lost: 20 })).toBeCloseTo(0.1);
    expect(lossBetween({ received: 100, lost: 10 }, { received: 100, lost: 10 })).toBe(0);
    expect(lossBetween({ received: 100, lost: 10 }, { received: 5, lost: 0 })).toBe(0);
  });
});
