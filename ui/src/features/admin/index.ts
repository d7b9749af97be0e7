import type { Feature } from '../../lib/router/index.js';

export const admin: Feature = {
  routes: [],
  register() {},
};
