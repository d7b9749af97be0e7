export { live } from './live.svelte.js';
export type { LinkState } from './socket.js';
export type { Follower } from './subscription.js';
