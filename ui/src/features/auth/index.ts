import LogOut from '@lucide/svelte/icons/log-out';
import { profileCards } from '../../lib/frame.svelte.js';
import { commands } from '../../lib/palette.js';
import type { Feature } from '../../lib/router/index.js';

const outside = { access: 'public', frame: 'bare', ownFocus: true } as const;

export const auth: Feature = {
  routes: [
    { name: 'signIn', load: () => import('./SignInPage.svelte'), title: 'auth.signIn.title', ...outside },
    { name: 'setup', load: () => import('./SetupPage.svelte'), title: 'auth.setup.title', ...outside },
    { name: 'invitation', load: () => import('./InvitePage.svelte'), title: 'auth.guest.title', ...outside },
    { name: 'reset', load: () => import('./ResetPage.svelte'), title: 'auth.reset.title', ...outside },
    { name: 'guest', load: () => import('./GuestPage.svelte'), title: 'auth.guest.title', ...outside },
  ],
  register() {
    profileCards.add({ id: 'auth.name', order: 10, load: () => import('./NameCard.svelte') });
    profileCards.add({
      id: 'auth.password',
      order: 20,
      access: 'account',
      load: () => import('./PasswordCard.svelte'),
    });
    profileCards.add({
      id: 'auth.devices',
      order: 30,
      access: 'account',
      load: () => import('./DevicesCard.svelte'),
    });
    commands.add({
      id: 'me.signOut',
      label: 'auth.signOut.title',
      icon: LogOut,
      access: 'guest',
      order: 99,
      run: () => void import('./sign-out.js').then(({ signOut }) => signOut()),
    });
  },
};
