import type { Feature } from '../../lib/router/index.js';

export const auth: Feature = {
  routes: [],
  register() {},
};
