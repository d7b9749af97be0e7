/** Moments that people name: in 20 minutes, today at 4, tomorrow morning. All by the clock of this device. */
export const inMinutes = (minutes: number, now = new Date()): Date =>
  new Date(now.getTime() + minutes * 60_000);
export const inHours = (hours: number, now = new Date()): Date => inMinutes(hours * 60, now);

export function todayAt(hour: number, now = new Date()): Date {
  const at = new Date(now);
  at.setHours(hour, 0, 0, 0);
  return at;
}

export function tomorrowMorning(now = new Date(), hour = 8): Date {
  const at = todayAt(hour, now);
  at.setDate(at.getDate() + 1);
  return at;
}

/** The next Monday, early. */
export function nextMonday(now = new Date(), hour = 8): Date {
  const at = todayAt(hour, now);
  at.setDate(at.getDate() + ((8 - at.getDay()) % 7 || 7));
  return at;
}

/** What a field of type datetime-local holds: the local time without its zone. */
export function toField(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The moment in a field of type datetime-local, or null. */
export function fromField(text: string): Date | null {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? null : at;
}
