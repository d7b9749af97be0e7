import { t } from '../../lib/i18n/index.svelte.js';

/** "Guten Morgen, Ada": by the hour, with the first name. */
export function greeting(now: Date, name: string): string {
  const first = name.split(' ').find((word) => !/^(dr|prof)\.?$/i.test(word)) ?? name;
  const hour = now.getHours();
  if (hour >= 4 && hour < 11) return t('home.morning', { name: first });
  if (hour >= 11 && hour < 18) return t('home.day', { name: first });
  return t('home.evening', { name: first });
}
