import type { Feature } from '../../lib/router/index.js';

export const chat: Feature = {
  routes: [],
  register() {},
};
