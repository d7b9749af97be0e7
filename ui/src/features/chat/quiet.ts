import type { Bump, Quiet, QuietTime, Room, Settings } from './wire.js';

/** Silence for good is silence until the end of the calendar. */
export const forGood = '9999-12-31T00:00:00Z';
export const isForGood = (until: string): boolean => until.startsWith('9999');

/** The room neither counts nor speaks for this person. */
export const isMuted = (room: Pick<Room, 'muted_until'>, now: Date): boolean =>
  room.muted_until !== undefined && now.getTime() < Date.parse(room.muted_until);

interface Local {
  /** 1 is Monday. */
  readonly day: number;
  readonly minute: number;
}

const days: readonly string[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The hour and the day of the week in a time zone; in that of this device if it is unknown. */
function localTime(now: Date, zone: string | undefined): Local {
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en', zone ? { ...options, timeZone: zone } : options);
  } catch {
    format = new Intl.DateTimeFormat('en', options);
  }
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return {
    day: days.indexOf(parts.get('weekday') ?? '') + 1,
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

function covers({ days: on, from, to }: QuietTime, { day, minute }: Local): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  if (begin < end) return on.includes(day) && minute >= begin && minute < end;
  // It goes on to the next morning.
  const yesterday = day === 1 ? 7 : day - 1;
  return (on.includes(day) && minute >= begin) || (on.includes(yesterday) && minute < end);
}

/** The person does not want to be disturbed at this moment. */
export function isQuiet(quiet: Quiet, now: Date): boolean {
  if (quiet.until && now.getTime() < Date.parse(quiet.until)) return true;
  const local = localTime(now, quiet.zone);
  return quiet.times.some((time) => covers(time, local));
}

/** Whether a new message may raise a notice. What is unread rises in any case. */
export function disturbs(bump: Bump, room: Room, settings: Settings, now: Date): boolean {
  if (bump.silent || isMuted(room, now) || isQuiet(settings.quiet, now)) return false;
  if (room.level === 'none') return false;
  return room.level === 'all' || bump.mentions > 0 || room.kind === 'direct';
}
