import type { MenuItem } from '../../kit/menu.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { singleKeys } from '../../lib/keys.svelte.js';
import { actionsFor, groups, type MessageAction, runAction, type Subject } from './message-actions.js';

/** What a key is called on the keyboard of the person. */
export const keyName = (key: string): string => (key === 'Delete' ? t('keys.delete') : key.toUpperCase());

/** Everything that can be done with a message as a menu: group after group, a line between them. */
export function actionMenu(subject: Subject, anchor: () => HTMLElement): MenuItem[] {
  const all = actionsFor(subject);
  return groups
    .map((group) => all.filter((action) => action.group === group))
    .filter((some) => some.length > 0)
    .flatMap((some, at) => [
      ...(at > 0 ? [{ separator: some[0]?.group ?? '' }] : []),
      ...some.map((action) => line(action, subject, anchor)),
    ]);
}

function line(action: MessageAction, subject: Subject, anchor: () => HTMLElement): MenuItem {
  return {
    id: action.id,
    label: t(action.label),
    icon: action.icon,
    danger: action.danger ?? false,
    ...(action.key && singleKeys.on ? { hint: keyName(action.key) } : {}),
    onselect: () => void runAction(action, subject, anchor()),
  };
}
