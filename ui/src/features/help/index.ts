import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import { commands } from '../../lib/palette.js';
import { type Feature, href } from '../../lib/router/index.js';

const page = {
  load: () => import('./HelpPage.svelte'),
  access: 'public',
  frame: 'either',
  title: 'help.title',
  section: 'me',
  ownFocus: true,
} as const;

export const help: Feature = {
  routes: [
    { name: 'help', ...page },
    { name: 'helpChapter', ...page },
  ],
  register() {
    commands.add({
      id: 'help.open',
      label: 'help.command',
      icon: CircleQuestionMark,
      access: 'guest',
      order: 70,
      href: href('help'),
    });
  },
};
