import type { GalleryPage } from '../../lib/gallery.js';

/** The kit's own pages. */
export const ownPages: readonly GalleryPage[] = [
  { id: 'ground', title: 'Farben und Schrift', load: () => import('./Ground.svelte') },
  { id: 'actions', title: 'Aktionen', load: () => import('./Actions.svelte') },
  { id: 'forms', title: 'Formulare', load: () => import('./Forms.svelte') },
  { id: 'layers', title: 'Ebenen', load: () => import('./Layers.svelte') },
  { id: 'meaning', title: 'Zeichen und Hinweise', load: () => import('./Meaning.svelte') },
  { id: 'lists', title: 'Listen', load: () => import('./Lists.svelte') },
  { id: 'table', title: 'Tabelle', load: () => import('./Tables.svelte') },
  { id: 'states', title: 'Fünf Zustände', load: () => import('./States.svelte') },
];
