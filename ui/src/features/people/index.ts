import BookUser from '@lucide/svelte/icons/book-user';
import { profileCards } from '../../lib/frame.svelte.js';
import { commands, providers } from '../../lib/palette.js';
import { type Feature, href } from '../../lib/router/index.js';

const page = {
  load: () => import('./PeoplePage.svelte'),
  access: 'member',
  frame: 'portal',
  title: 'people.title',
} as const;

/** The address book: people of the town look each other up. Guests have none. */
export const people: Feature = {
  routes: [
    { name: 'people', ...page },
    { name: 'person', ...page },
  ],
  register() {
    // Named "me.…", it stands in the menu at one's own picture and under "Ich" on a phone as well.
    commands.add({ id: 'me.people', order: 60, label: 'people.title', icon: BookUser, href: href('people') });
    providers.add({
      id: 'people',
      title: 'people.title',
      order: 25,
      search: async (query, signal) => (await import('./find.js')).findCards(query, signal),
    });
    profileCards.add({ id: 'people.mine', order: 15, load: () => import('./MyContact.svelte') });
  },
};
