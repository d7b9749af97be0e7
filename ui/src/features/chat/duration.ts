import { t } from '../../lib/i18n/index.svelte.js';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** "7 Tage", "24 Stunden", "5 Minuten". */
export function durationText(seconds: number): string {
  if (seconds % day === 0 && seconds > day) return t('personal.duration.days', { count: seconds / day });
  if (seconds >= hour) return t('personal.duration.hours', { count: Math.round(seconds / hour) });
  return t('personal.duration.minutes', { count: Math.max(1, Math.round(seconds / minute)) });
}

/** After how long a message may remove itself, and for how long those of a room stay. */
export const messageTimes: readonly number[] = [5 * minute, hour, day, 7 * day, 30 * day];
export const roomTimes: readonly number[] = [hour, day, 7 * day, 30 * day, 90 * day, 365 * day];
