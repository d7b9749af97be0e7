import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Browser tests: the built binary, real Chromium, real people. One file after
// the other, because each starts a town and several browsers.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.e2e.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 150_000,
    hookTimeout: 60_000,
    // A shared machine of a CI may stall a browser for seconds. A test that passes only the second time is reported as such.
    retry: process.env.CI ? 2 : 0,
    // A busy machine takes its time; what holds at once is answered at once.
    expect: { poll: { timeout: 15_000 } },
    bail: process.env.RATHAUS_E2E_BAIL ? 1 : 0,
    reporters: ['default', resolve(import.meta.dirname, 'house/count.ts')],
  },
});
