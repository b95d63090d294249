import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['sdk', 'app', { test: { name: 'status', include: ['status/**/*.test.ts'] } }],
  },
});
