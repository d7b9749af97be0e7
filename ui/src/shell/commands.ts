import House from '@lucide/svelte/icons/house';
import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import SunMoon from '@lucide/svelte/icons/sun-moon';
import UserRound from '@lucide/svelte/icons/user-round';
import { preferences } from '../lib/device/preferences.svelte.js';
import { commands } from '../lib/palette.js';
import { href } from '../lib/router/index.js';

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
    id: 'shell.gallery',
    label: 'shell.command.gallery',
    icon: LayoutGrid,
    access: 'admin',
    order: 90,
    href: href('gallery'),
  });
}

function switchTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const now = preferences.theme === 'system' ? system : preferences.theme;
  preferences.theme = now === 'dark' ? 'light' : 'dark';
}
