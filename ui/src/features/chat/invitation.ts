/** Where the secret of a link waits while its holder signs in: in this tab, and nowhere else. */
const place = 'rathaus.room-link';
const shape = /^[\w-]{20,64}$/;

/** The secret stands in the fragment, which no server sees. Once signed in it is taken from where it waited. */
export function takeToken(hash: string): string {
  const kept = sessionStorage.getItem(place) ?? '';
  sessionStorage.removeItem(place);
  const text = hash.slice(1) || kept;
  return shape.test(text) ? text : '';
}

export function keepToken(token: string): void {
  sessionStorage.setItem(place, token);
}
