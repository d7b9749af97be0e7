/** Minutes by which our days begin before those of UTC. */
export const zone = (): number => -new Date().getTimezoneOffset();
