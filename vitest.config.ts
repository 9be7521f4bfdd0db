import type { ViteUserConfig } from 'vitest/config';
import { secretWatch } from './vitest.secrets.ts';

const config: ViteUserConfig = {
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
    testTimeout: 30_000,
    // Real processes, servers and signals on a machine that others use: there a failure counts when it comes twice.
    retry: process.env.CI === undefined ? 0 : 1,
    globalSetup: 'apps/redis-servers/src/global-setup.ts',
    execArgv: ['--unhandled-rejections=strict'],
    // For the processes that tests start.
    env: { NODE_OPTIONS: '--unhandled-rejections=strict' },
    reporters: [secretWatch(), 'default'],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
};

export default config;
