declare module '../lib/api/operations.js' {
  interface Pending {
    /** The public texts of the town: imprint, privacy, accessibility. Empty when there is none. */
    'GET /town/texts/{name}': {
      path: { name: 'imprint' | 'privacy' | 'accessibility' };
      output: { markdown: string };
    };
  }
}

export {};
