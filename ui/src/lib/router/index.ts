export { href, type PathName, type PathParams, paths } from './paths.js';
export type { Access, Feature, Page, Route, Section } from './route.js';
export { router } from './router.svelte.js';
