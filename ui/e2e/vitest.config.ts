import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Browser tests: the built binary, real Chromium, real people. Each file starts a town and
// several browsers. Two files run side by side, as people mostly wait for something; what
// carries media or measures has the machine for itself afterwards.
const alone = ['chat-scrolling', 'meet', 'performance', 'relay'].map((name) => `${name}.e2e.ts`);

const shared = {
  root: import.meta.dirname,
  environment: 'node',
  testTimeout: 150_000,
  hookTimeout: 60_000,
  // A shared machine of a CI may stall a browser for seconds. A test that passes only the second time is reported as such.
  retry: process.env.CI ? 2 : 0,
  // A busy machine takes its time; what holds at once is answered at once.
  expect: { poll: { timeout: 15_000 } },
} as const;

export default defineConfig({
  test: {
    bail: process.env.RATHAUS_E2E_BAIL ? 1 : 0,
    reporters: ['default', resolve(import.meta.dirname, 'house/count.ts')],
    projects: [
      {
        test: {
          ...shared,
          name: 'side by side',
          include: ['**/*.e2e.ts'],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...shared, name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
