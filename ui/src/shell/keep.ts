import { toasts } from '../kit/toast.svelte.js';
import { call, faultText } from '../lib/api/index.js';
import { preferences } from '../lib/device/preferences.svelte.js';
import { session } from '../lib/session.svelte.js';

/** Keeps the look with the person, so that it follows to other devices. */
export function keep(): void {
  if (!session.may('account')) return;
  const body = {
    theme: preferences.theme === 'system' ? '' : preferences.theme,
    density: preferences.density === 'compact' ? 'compact' : '',
    locale: preferences.locale === 'de' || preferences.locale === 'en' ? preferences.locale : '',
  } as const;
  call('PATCH /auth/me', { body }).catch((error: unknown) => toasts.show(faultText(error), { tone: 'bad' }));
}
