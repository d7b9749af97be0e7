import { toasts } from '../../../kit/toast.svelte.js';
import { call, faultText } from '../../../lib/api/index.js';
import { href, router } from '../../../lib/router/index.js';
import { rooms } from '../rooms.svelte.js';

/** Opens the room for notes to oneself, which is made at its first use. */
export async function openSelf(): Promise<void> {
  try {
    const room = await call('POST /chat/self');
    rooms.put(room);
    router.go(href('room', { room: room.id }));
  } catch (cause) {
    toasts.show(faultText(cause), { tone: 'bad' });
  }
}
