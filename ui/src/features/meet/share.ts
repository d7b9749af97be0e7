import { toasts } from '../../kit/toast.svelte.js';
import { call, faultText } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { href } from '../../lib/router/index.js';

async function copy(address: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(new URL(address, location.href).href);
    toasts.show(done, { tone: 'good' });
  } catch {
    toasts.show(t('meet.stage.copyFailed'));
  }
}

/** The stable address, for people of the house. */
export function copyLink(name: string): Promise<void> {
  return copy(href('meeting', { meeting: name }), t('meet.stage.copied'));
}

/** A link for somebody without an account. */
export async function copyGuestLink(name: string): Promise<void> {
  try {
    const { token } = await call('POST /meet/meetings/{name}/links', { path: { name }, body: {} });
    await copy(`${href('guest')}#${token}`, t('meet.panel.guestCopied'));
  } catch (cause) {
    toasts.show(faultText(cause), { tone: 'bad' });
  }
}
