import './kit/base.css';
import '@infolektuell/noto-color-emoji/index.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { applyAccent } from './kit/accent.js';
import { whenSignedOut } from './lib/api/index.js';
import { preferences } from './lib/device/preferences.svelte.js';
import { router } from './lib/router/index.js';
import { session } from './lib/session.svelte.js';
import { features, routes } from './routes.js';
import { registerCommands } from './shell/commands.js';
import { speak } from './shell/speak.js';

async function start(target: HTMLElement): Promise<void> {
  preferences.apply();
  whenSignedOut(() => session.ended());
  const known = [speak(), session.load()];
  router.learn(routes);
  router.prefetch(location.href);
  await Promise.all(known);
  applyAccent(session.town.accent);
  await speak();
  registerCommands();
  for (const feature of features) feature.register();
  mount(App, { target });
}

const target = document.getElementById('app');
if (target) void start(target);
