import { singleKeys } from '../../lib/keys.svelte.js';
import { actionsFor, runAction, type Subject } from './message-actions.js';

/** Does what a key means on a message that has the focus; false when it means nothing. */
export function rowKey(event: KeyboardEvent, subject: Subject): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || !(event.target instanceof HTMLElement)) return false;
  const row = event.target.closest<HTMLElement>('[data-key]');
  if (!row) return false;
  if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
    row.querySelector<HTMLElement>('[data-more]')?.click();
    return true;
  }
  if (!singleKeys.on) return false;
  const action = actionsFor(subject).find((one) => one.key === event.key);
  if (action) void runAction(action, subject, row);
  return action !== undefined;
}
