import type { Route } from '../lib/router/index.js';

const portal = { frame: 'portal', section: 'me' } as const;

/** Pages that belong to no feature. */
export const shellRoutes: readonly Route[] = [
  {
    name: 'profile',
    load: () => import('./Profile.svelte'),
    access: 'guest',
    title: 'shell.profile.title',
    ...portal,
  },
  {
    name: 'me',
    load: () => import('./Profile.svelte'),
    access: 'guest',
    title: 'shell.profile.title',
    ...portal,
  },
  {
    name: 'gallery',
    load: () => import('./gallery/Gallery.svelte'),
    access: 'admin',
    frame: 'full',
    title: 'shell.gallery',
  },
  {
    name: 'imprint',
    load: () => import('./PublicText.svelte'),
    access: 'public',
    frame: 'bare',
    title: 'shell.imprint',
  },
  {
    name: 'privacy',
    load: () => import('./PublicText.svelte'),
    access: 'public',
    frame: 'bare',
    title: 'shell.privacy',
  },
  {
    name: 'accessibility',
    load: () => import('./PublicText.svelte'),
    access: 'public',
    frame: 'bare',
    title: 'shell.accessibility',
  },
  {
    name: 'licenses',
    load: () => import('./Licenses.svelte'),
    access: 'public',
    frame: 'bare',
    title: 'shell.licenses.title',
  },
];
