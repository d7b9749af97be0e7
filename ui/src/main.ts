import './kit/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { applyAccent } from './kit/accent.js';
import { whenSignedOut } from './lib/api/index.js';
import { preferences } from './lib/device/preferences.svelte.js';
import { isLocale, language } from './lib/i18n/index.svelte.js';
import { session } from './lib/session.svelte.js';
import { features } from './routes.js';

/** Speaks the person's language on this device, or else the town's. */
async function speak(): Promise<void> {
  const town = session.town.locale.slice(0, 2);
  await language.use(preferences.locale ?? (isLocale(town) ? town : 'de'), session.town.formality);
}

async function start(target: HTMLElement): Promise<void> {
  preferences.apply();
  whenSignedOut(() => session.ended());
  await Promise.all([speak(), session.load()]);
  applyAccent(session.town.accent);
  await speak();
  for (const feature of features) feature.register();
  mount(App, { target });
}

const target = document.getElementById('app');
if (target) void start(target);
