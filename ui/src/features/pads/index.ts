import type { Feature } from '../../lib/router/index.js';

export const pads: Feature = {
  routes: [],
  register() {},
};
