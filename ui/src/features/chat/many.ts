import { confirm } from '../../kit/confirm.svelte.js';
import { FaultError } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';

/** Sends, and asks the person first where the server says that many people are called. */
export async function askingForMany<T>(send: (confirmed: boolean) => Promise<T>): Promise<T> {
  try {
    return await send(false);
  } catch (cause) {
    if (!(cause instanceof FaultError) || cause.code !== 'chat.many_called') throw cause;
    const count = Number(cause.params.count);
    const sure = await confirm({
      title: t('talk.call.manyTitle', { count }),
      text: t('talk.call.manyText', { count }),
      action: t('talk.call.manyGo'),
    });
    if (!sure) throw cause;
    return send(true);
  }
}
