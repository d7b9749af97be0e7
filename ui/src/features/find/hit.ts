import type { components } from '../../lib/api/index.js';
import { href } from '../../lib/router/index.js';

export type Group = components['schemas']['SearchGroup'];
export type Hit = components['schemas']['SearchHit'];
export type Piece = components['schemas']['SearchPiece'];
export type Kind = Group['kind'];

/** Where a hit leads; a message opens in its room at its place. */
export function addressOf(kind: Kind, hit: Hit): string {
  switch (kind) {
    case 'room':
      return href('room', { room: hit.id });
    case 'pad':
      return href('pad', { pad: hit.id });
    case 'meeting':
      return href('meeting', { meeting: hit.name ?? '' });
    case 'person':
      return href('person', { person: hit.id });
    default:
      return href('room', { room: hit.room?.id ?? '' }, { at: hit.seq });
  }
}

export const plain = (pieces: readonly Piece[] | undefined): string =>
  (pieces ?? []).map((piece) => piece.text).join('');
