import { clock } from '../now.svelte.js';
import { language, t } from './index.svelte.js';

export type Instant = Date | string | number;

const startOfDay = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const day = 24 * 60 * 60 * 1000;

/** Whole days from today to date: -1 is yesterday. */
export function daysFromToday(at: Instant, now: Date = clock.now): number {
  return Math.round((startOfDay(new Date(at)) - startOfDay(now)) / day);
}

const show = (at: Instant, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(language.intl, options)
    .formatToParts(new Date(at))
    // "Di, 24. Nov.", not "Di., 24. Nov."
    .map(({ type, value }) => (type === 'weekday' ? value.replace('.', '') : value))
    .join('');

/** "14:05" */
export const time = (at: Instant): string => show(at, { hour: '2-digit', minute: '2-digit' });

/** "heute", "gestern", "Di, 24. Nov.", and with the year when it is another one. */
export function dayName(at: Instant, now: Date = clock.now): string {
  const away = daysFromToday(at, now);
  if (Math.abs(away) <= 1)
    return new Intl.RelativeTimeFormat(language.intl, { numeric: 'auto' }).format(away, 'day');
  const sameYear = new Date(at).getFullYear() === now.getFullYear();
  return show(at, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** "heute, 14:05" */
export const when = (at: Instant, now: Date = clock.now): string =>
  t('kit.when', { day: dayName(at, now), time: time(at) });

/** As short as it can be in a list: the time today, else the day. */
export const brief = (at: Instant, now: Date = clock.now): string =>
  daysFromToday(at, now) === 0 ? time(at) : dayName(at, now);

/** "Dienstag, 24. November 2026 um 14:05:09", for titles and screen readers. */
export const exact = (at: Instant): string => show(at, { dateStyle: 'full', timeStyle: 'medium' });

/** "Dienstag, 24. November" for day lines further away than yesterday. */
export function dayHeading(at: Instant, now: Date = clock.now): string {
  if (Math.abs(daysFromToday(at, now)) <= 1) return dayName(at, now);
  const sameYear = new Date(at).getFullYear() === now.getFullYear();
  return show(at, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}
