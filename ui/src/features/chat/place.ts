import { toasts } from '../../kit/toast.svelte.js';
import { t } from '../../lib/i18n/index.svelte.js';
import type { Composer } from './composer.svelte.js';

/** Where somebody is: degrees, and how many metres it may be off. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracy: number;
}

const piece = 'place';
/** Milliseconds after which one does not wait any longer. */
const patience = 20_000;

/** Five places are about a metre. */
const degrees = (value: number) => value.toFixed(5);

export const coordinatesOf = ({ latitude, longitude }: Place): string =>
  `${degrees(latitude)}, ${degrees(longitude)}`;

/** What stands in the message: coordinates to read and copy, and a link that a map of the device opens. */
export function wordsOf(place: Place): string {
  const metres = Math.ceil(place.accuracy);
  const link = `geo:${degrees(place.latitude)},${degrees(place.longitude)};u=${metres}`;
  return t('talk.place.words', { place: `[${coordinatesOf(place)}](${link})`, metres });
}

/** Asks the browser where one is, at this moment only. */
function ask(): Promise<Place> {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject(new Error(t('talk.place.none')));
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => resolve({ latitude, longitude, accuracy }),
      ({ code, PERMISSION_DENIED }) =>
        reject(new Error(t(code === PERMISSION_DENIED ? 'talk.place.denied' : 'talk.place.none'))),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 0 },
    );
  });
}

/** Puts the place of the device beside the text; it is shown before anything is sent. */
export async function attachPlace(composer: Composer): Promise<void> {
  const waiting = { body: {}, waits: true };
  composer.attach(piece, waiting);
  try {
    const place = await ask();
    // It may have been taken off meanwhile.
    if (composer.pieces[piece] !== waiting) return;
    composer.attach(piece, { body: {}, enough: true, words: wordsOf(place), place });
  } catch (cause) {
    if (composer.pieces[piece] !== waiting) return;
    composer.wanted = false;
    composer.detach(piece);
    toasts.show(cause instanceof Error ? cause.message : t('talk.place.none'), { tone: 'bad' });
  }
}
