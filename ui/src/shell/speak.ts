import { preferences } from '../lib/device/preferences.svelte.js';
import { isLocale, language } from '../lib/i18n/index.svelte.js';
import { session } from '../lib/session.svelte.js';

/** Shows everything in the person's language on this device, or else the town's. */
export async function speak(): Promise<void> {
  const town = session.town.locale.slice(0, 2);
  await language.use(preferences.locale ?? (isLocale(town) ? town : 'de'), session.town.formality);
}
