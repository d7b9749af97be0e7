import { afterEach, describe, expect, it, vi } from 'vitest';
import { Composer, type DraftStore } from './composer.svelte.js';
import { namesOf } from './mention.js';
import { attachPlace, wordsOf } from './place.js';
import { renderMessage } from './render.js';

const market = { latitude: 50.1109221, longitude: 8.6821267, accuracy: 11.2 };
const nowhere: DraftStore = {
  get: async () => undefined,
  set: async () => undefined,
  delete: async () => undefined,
};

function given(answer: (found: PositionCallback, failed: PositionErrorCallback) => void) {
  vi.stubGlobal('navigator', { ...navigator, geolocation: { getCurrentPosition: answer } });
  return new Composer('r', 'me', nowhere);
}

afterEach(() => void vi.unstubAllGlobals());

describe('a position (004-12)', () => {
  it('is a link that only the device opens, and nothing of another kind becomes one', () => {
    const words = wordsOf(market);
    expect(words).toContain('[50.11092, 8.68213](geo:50.11092,8.68213;u=12)');
    expect(renderMessage(words, namesOf([]), '')).toContain('href="geo:50.11092,8.68213;u=12"');
    expect(renderMessage('[x](geo:javascript:alert(1))', namesOf([]), '')).not.toContain('geo:');
  });

  it('stands below the text, and is enough by itself', async () => {
    const composer = given((found) => found({ coords: market } as GeolocationPosition));
    await attachPlace(composer);
    expect(composer.ready).toBe(true);
    composer.write('Schlagloch', 10);
    expect(composer.take().body.text).toBe(`Schlagloch\n\n${wordsOf(market)}`);
    expect(composer.empty).toBe(true);
  });

  it('holds the message back until it is known, and lets go of it when it is taken off', async () => {
    let answer: PositionCallback = () => undefined;
    const composer = given((found) => {
      answer = found;
    });
    const done = attachPlace(composer);
    composer.write('Schlagloch', 10);
    expect(composer.ready).toBe(false);
    composer.detach('place');
    expect(composer.ready).toBe(true);
    answer({ coords: market } as GeolocationPosition);
    await done;
    expect(composer.take().body.text).toBe('Schlagloch');
  });

  it('that is not told sends nothing by itself', async () => {
    const composer = given((_, failed) =>
      failed({ code: 1, PERMISSION_DENIED: 1 } as GeolocationPositionError),
    );
    composer.write('Schlagloch', 10);
    composer.wanted = true;
    await attachPlace(composer);
    expect([composer.wanted, Object.keys(composer.pieces)]).toEqual([false, []]);
  });
});
