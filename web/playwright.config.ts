import { defineConfig } from '@playwright/test';

const url = process.env.TIDEMARK_URL;
if (!url)
  throw new Error(
    'TIDEMARK_URL is not set: give the address of a running Tidemark, e.g. http://127.0.0.1:8080',
  );

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'node_modules/.cache/playwright',
  reporter: 'list',
  forbidOnly: true,
  workers: 1,
  // A busy machine is no fault of the page.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: url,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.TIDEMARK_CHROMIUM ?? '/usr/bin/chromium',
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
});
