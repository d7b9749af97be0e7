import { admin } from './features/admin/index.js';
import { auth } from './features/auth/index.js';
import { chat } from './features/chat/index.js';
import { find } from './features/find/index.js';
import { help } from './features/help/index.js';
import { home } from './features/home/index.js';
import { meet } from './features/meet/index.js';
import { pads } from './features/pads/index.js';
import { people } from './features/people/index.js';
import type { Feature, Route } from './lib/router/index.js';
import { shellRoutes } from './shell/routes.js';

/** The table of contents of the portal. */
export const features: readonly Feature[] = [auth, home, chat, people, pads, meet, find, help, admin];

export const routes: readonly Route[] = [...shellRoutes, ...features.flatMap((feature) => feature.routes)];
