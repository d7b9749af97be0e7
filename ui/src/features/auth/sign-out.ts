import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { href, router } from '../../lib/router/index.js';
import { session } from '../../lib/session.svelte.js';

/** Ends the session here and, where there is one, at the provider. */
export async function signOut(): Promise<void> {
  try {
    const { provider_url: elsewhere } = await call('POST /auth/logout');
    if (elsewhere) {
      location.assign(elsewhere);
      return;
    }
    await session.load();
    router.go(href('signIn'));
    toasts.show(t('auth.signOut.done'));
  } catch (error) {
    toasts.show(faultText(error), { tone: 'bad' });
  }
}
