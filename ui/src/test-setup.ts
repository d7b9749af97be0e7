import { beforeAll } from 'vitest';
import { language } from './lib/i18n/index.svelte.js';

// Tests run in German unless they choose another language themselves.
beforeAll(() => language.use('de', 'sie'));
