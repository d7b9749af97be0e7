import { router } from '../../lib/router/index.js';
import { session } from '../../lib/session.svelte.js';

type Place = typeof router.place;

/** Where somebody wanted to go before signing in: only ever within the portal. */
export function wanted(place: Place = router.place): string {
  const next = place.url.searchParams.get('next') ?? '/';
  const own = next.startsWith('/') && !next.startsWith('//') && !/[\\\p{Cc}]/u.test(next);
  return own && !next.startsWith('/api/') ? next : '/';
}

/** The secret of a one-time link stands in the fragment, which no server sees. */
export function secretOf(place: Place = router.place): string {
  const text = place.url.hash.slice(1);
  return /^[\w-]{20,64}$/.test(text) ? text : '';
}

/** Goes on as the person who has just signed in; the page of the link is not kept in the history. */
export async function arrive(address = '/'): Promise<void> {
  await session.load();
  router.go(address, { replace: true });
}

/** Puts the cursor into a field, but calls no keyboard onto a touch screen. */
export function focusFirst(field: HTMLElement): void {
  if (matchMedia('(pointer: fine)').matches) field.focus();
}
