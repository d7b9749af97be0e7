/** Small things kept in this browser. Private windows may refuse; then nothing is remembered. */
const prefix = 'rathaus.';

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    if (value === '') localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, value);
  } catch {
    // Nothing is lost that matters: the choice holds until the page is closed.
  }
}
