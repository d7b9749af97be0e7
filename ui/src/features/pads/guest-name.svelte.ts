import { remember, remembered } from '../../lib/storage/local.js';

const key = 'pad.guest-name';

/** How long a name may be, in characters. */
export const longestName = 40;

/** What a guest wants to be called in pads. It is kept on this device only, and told to those who are in the pad. */
class GuestName {
  value = $state(clean(remembered(key) ?? ''));

  set(name: string): void {
    this.value = clean(name);
    remember(key, this.value);
  }
}

function clean(name: string): string {
  return name
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longestName);
}

export const guestName = new GuestName();
