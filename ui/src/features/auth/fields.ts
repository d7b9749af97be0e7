import { FaultError, faultText } from '../../lib/api/index.js';

/** Faults that belong to one field of a form; all others stand above it. */
const places: Readonly<Record<string, string>> = {
  'auth.password_too_short': 'password',
  'auth.password_too_long': 'password',
  'auth.password_not_text': 'password',
  'auth.password_common': 'password',
  'auth.password_is_name': 'password',
  'auth.old_password_wrong': 'old',
  'auth.login_taken': 'email',
  'auth.email_needed': 'email',
  'auth.town_name_invalid': 'town',
  'auth.guest_name_needed': 'name',
  'auth.guest_name_invalid': 'name',
  'directory.email_invalid': 'email',
  'directory.name_empty': 'name',
  'directory.name_invalid': 'name',
  'directory.name_too_long': 'name',
};

export interface Refusal {
  /** The field it belongs to, or null for the whole form. */
  readonly field: string | null;
  readonly text: string;
}

/** What went wrong, and where to show it. */
export function refusalOf(error: unknown): Refusal {
  const field = error instanceof FaultError ? (places[error.code] ?? null) : null;
  return { field, text: faultText(error) };
}

/** The text for one field, or null. */
export const at = (refusal: Refusal | null, field: string | null): string | null =>
  refusal?.field === field ? refusal.text : null;
