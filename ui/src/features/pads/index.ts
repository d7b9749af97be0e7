import FilePlus from '@lucide/svelte/icons/file-plus-2';
import FileText from '@lucide/svelte/icons/file-text';
import Lock from '@lucide/svelte/icons/lock';
import { galleryPages } from '../../lib/gallery.js';
import { t } from '../../lib/i18n/index.svelte.js';
import { creations, type PaletteItem, providers } from '../../lib/palette.js';
import { type Feature, href } from '../../lib/router/index.js';
import { startBlocks } from '../../lib/start.js';

const page = () => import('./PadsPage.svelte');

export const pads: Feature = {
  routes: [
    { name: 'pads', load: page, access: 'member', frame: 'portal', title: 'pads.title', section: 'pads' },
    { name: 'pad', load: page, access: 'member', frame: 'portal', title: 'pads.title', section: 'pads' },
    {
      name: 'sharedPad',
      load: () => import('./SharedPadPage.svelte'),
      access: 'public',
      frame: 'full',
      title: 'pads.shared.title',
      ownFocus: true,
    },
  ],
  register() {
    galleryPages.add({ id: 'pads', title: 'Pads', load: () => import('./gallery/PadStates.svelte') });
    creations.add({
      id: 'pads.new',
      label: 'pads.new.action',
      icon: FilePlus,
      order: 30,
      access: 'member',
      href: href('pads', {}, { new: 1 }),
    });
    providers.add({ id: 'pads', title: 'pads.title', order: 30, access: 'member', search: find });
    startBlocks.add({
      id: 'pads.recent',
      place: 'again',
      order: 20,
      access: 'member',
      load: () => import('./RecentPads.svelte'),
    });
  },
};

async function find(query: string, signal: AbortSignal): Promise<readonly PaletteItem[]> {
  const { findPads } = await import('./pad-list.svelte.js');
  const found = await findPads(query, signal);
  return found.map(({ id, title, confidential }) => ({
    id,
    label: title,
    ...(confidential ? { hint: t('kit.confidential.word') } : {}),
    icon: confidential ? Lock : FileText,
    href: href('pad', { pad: id }),
  }));
}
