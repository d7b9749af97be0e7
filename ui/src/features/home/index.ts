import type { Feature } from '../../lib/router/index.js';
import { startBlocks } from '../../lib/start.js';

export const home: Feature = {
  routes: [
    {
      name: 'start',
      load: () => import('./Start.svelte'),
      access: 'member',
      frame: 'portal',
      title: 'home.title',
      section: 'start',
    },
  ],
  register() {
    startBlocks.add({
      id: 'home.groups',
      place: 'again',
      order: 90,
      load: () => import('./MyGroups.svelte'),
    });
    startBlocks.add({ id: 'home.links', place: 'elsewhere', load: () => import('./Links.svelte') });
  },
};
