import './kit/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { applyAccent } from './kit/accent.js';
import { whenSignedOut } from './lib/api/index.js';
import { preferences } from './lib/device/preferences.svelte.js';
import { session } from './lib/session.svelte.js';
import { features } from './routes.js';
import { registerCommands } from './shell/commands.js';
import { speak } from './shell/speak.js';

async function start(target: HTMLElement): Promise<void> {
  preferences.apply();
  whenSignedOut(() => session.ended());
  await Promise.all([speak(), session.load()]);
  applyAccent(session.town.accent);
  await speak();
  registerCommands();
  for (const feature of features) feature.register();
  mount(App, { target });
}

const target = document.getElementById('app');
if (target) void start(target);
