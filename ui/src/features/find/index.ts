import SearchIcon from '@lucide/svelte/icons/search';
import { profileCards } from '../../lib/frame.svelte.js';
import { galleryPages } from '../../lib/gallery.js';
import { commands, providers } from '../../lib/palette.js';
import { type Feature, href } from '../../lib/router/index.js';

export const find: Feature = {
  routes: [
    {
      name: 'search',
      load: () => import('./SearchPage.svelte'),
      access: 'guest',
      frame: 'portal',
      title: 'find.title',
      ownFocus: true,
    },
    {
      name: 'take',
      load: () => import('./TakePage.svelte'),
      access: 'account',
      frame: 'portal',
      title: 'find.take.title',
      section: 'me',
    },
  ],
  register() {
    galleryPages.add({ id: 'find', title: 'Suche', load: () => import('./gallery/FindStates.svelte') });
    profileCards.add({
      id: 'find.take',
      order: 60,
      access: 'account',
      load: () => import('./TakeCard.svelte'),
    });
    commands.add({
      id: 'find.search',
      label: 'find.command',
      icon: SearchIcon,
      order: 5,
      access: 'guest',
      href: href('search'),
    });
    providers.add({
      id: 'find.hits',
      title: 'find.palette',
      order: 80,
      access: 'guest',
      search: async (query, signal) => (await import('./palette.js')).searchHits(query, signal),
    });
  },
};
