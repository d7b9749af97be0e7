import House from '@lucide/svelte/icons/house';
import Keyboard from '@lucide/svelte/icons/keyboard';
import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import SunMoon from '@lucide/svelte/icons/sun-moon';
import UserRound from '@lucide/svelte/icons/user-round';
import { preferences } from '../lib/device/preferences.svelte.js';
import { addShortcuts } from '../lib/keys.svelte.js';
import { commands } from '../lib/palette.js';
import { href } from '../lib/router/index.js';
import { overlay } from './overlay.svelte.js';

/** The commands of the portal itself. */
export function registerCommands(): void {
  commands.add({ id: 'shell.start', label: 'shell.command.start', icon: House, href: href('start') });
  commands.add({
    id: 'shell.profile',
    label: 'shell.command.profile',
    icon: UserRound,
    access: 'guest',
    href: href('profile'),
  });
  commands.add({
    id: 'shell.theme',
    label: 'shell.command.theme',
    icon: SunMoon,
    access: 'guest',
    run: switchTheme,
  });
  commands.add({
    id: 'shell.shortcuts',
    label: 'keys.title',
    icon: Keyboard,
    access: 'guest',
    keys: '?',
    run: showShortcuts,
  });
  commands.add({
    id: 'shell.gallery',
    label: 'shell.command.gallery',
    icon: LayoutGrid,
    access: 'admin',
    order: 90,
    href: href('gallery'),
  });
  addShortcuts([
    { id: 'shell.palette', order: 1, keys: 'Mod+K', label: 'keys.palette', group: 'keys.everywhere' },
    { id: 'shell.regions', order: 2, keys: 'F6', label: 'keys.regions', group: 'keys.everywhere' },
    {
      id: 'shell.shortcuts',
      order: 3,
      keys: '?',
      label: 'keys.title',
      group: 'keys.everywhere',
      run: showShortcuts,
    },
    {
      id: 'shell.shortcuts.writing',
      order: 4,
      keys: 'Mod+/',
      label: 'keys.alsoWriting',
      group: 'keys.everywhere',
      run: showShortcuts,
    },
  ]);
}

function showShortcuts(): void {
  overlay.shortcuts = true;
}

function switchTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const now = preferences.theme === 'system' ? system : preferences.theme;
  preferences.theme = now === 'dark' ? 'light' : 'dark';
}
