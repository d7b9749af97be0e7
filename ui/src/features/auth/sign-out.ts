import { confirm } from '../../kit/confirm.svelte.js';
import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { href, router } from '../../lib/router/index.js';
import { session } from '../../lib/session.svelte.js';
import { forgetEverything, keys } from '../../lib/storage/store.js';

/**
 * Ends the session here and, where there is one, at the provider, and removes
 * what the portal keeps on this device. Asks first if that makes confidential
 * pads unreadable without their links.
 */
export async function signOut(): Promise<void> {
  if (!(await mayForget())) return;
  try {
    const { provider_url: elsewhere } = await call('POST /auth/logout');
    await forgetEverything().catch(() => toasts.show(t('auth.signOut.kept'), { tone: 'bad' }));
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

async function mayForget(): Promise<boolean> {
  const kept = await keys.entries('').catch(() => []);
  if (kept.length === 0) return true;
  return confirm({
    title: t('auth.signOut.keys'),
    text: t('auth.signOut.keysText'),
    action: t('auth.signOut.anyway'),
    danger: true,
  });
}
