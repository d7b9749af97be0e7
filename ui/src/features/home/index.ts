import type { Feature } from '../../lib/router/index.js';

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
  register() {},
};
