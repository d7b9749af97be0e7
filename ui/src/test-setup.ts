import { beforeAll } from 'vitest';
import { language } from './lib/i18n/index.svelte.js';
import { groups } from './lib/i18n/tables.js';

// Tests run in German unless they choose another language themselves; those without a document need none.
beforeAll(async () => {
  if (typeof document === 'undefined') return;
  await language.need(groups);
  await language.use('de', 'sie');
});
