import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { emoji } from './scripts/emoji.mjs';
import { emojiFont } from './scripts/emoji-font.mjs';
import { help } from './scripts/help.mjs';
import { messages } from './scripts/messages.mjs';

const backend = process.env.RATHAUS_BACKEND ?? 'http://localhost:8080';

// light-dark(), oklch() and nesting are used as they are: the tokens rely on
// them, and lowering them would double the style sheet.
const browsers = ['chrome123', 'firefox128', 'safari17.5'];

export default defineConfig({
  plugins: [messages(), emoji(), emojiFont(), help(), svelte()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: browsers,
    cssTarget: browsers,
    // The content security policy allows no data: fonts, scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: backend, ws: true, changeOrigin: false },
    },
  },
  // Component tests mount real Svelte components, so they need its client build.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'jsdom',
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
  },
});
