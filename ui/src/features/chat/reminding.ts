import { t } from '../../lib/i18n/index.svelte.js';
import { inMinutes, nextMonday, todayAt, tomorrowMorning } from './moments.js';

export interface Moment {
  readonly id: string;
  readonly label: string;
  readonly at: Date;
}

/** Moments that are offered for reminding and for sending later; what is past already is left out. */
export function moments(now = new Date()): readonly Moment[] {
  const soon = now.getTime() + 10 * 60_000;
  const offered = [
    { id: 'soon', label: t('personal.when.soon'), at: inMinutes(20, now) },
    { id: 'hour', label: t('personal.when.hour'), at: inMinutes(60, now) },
    { id: 'afternoon', label: t('personal.when.afternoon'), at: todayAt(16, now) },
    { id: 'tomorrow', label: t('personal.when.tomorrow'), at: tomorrowMorning(now) },
    { id: 'monday', label: t('personal.when.monday'), at: nextMonday(now) },
  ];
  // On a Sunday, tomorrow is Monday.
  return offered.filter(
    (one, at) =>
      one.at.getTime() > soon &&
      !offered.slice(0, at).some((other) => other.at.getTime() === one.at.getTime()),
  );
}
