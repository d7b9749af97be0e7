import type { Feature } from '../../lib/router/index.js';

export const meet: Feature = {
  routes: [],
  register() {},
};
