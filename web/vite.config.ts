import { defineConfig } from 'vitest/config';

// `npm run dev` serves the page from source and passes API calls on to a running Tidemark.
const gateway = process.env.TIDEMARK_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  build: { target: 'es2022', assetsInlineLimit: 0 },
  server: { proxy: { '/auth': gateway, '/sync': gateway } },
  test: { include: ['{src,status,sdk/src}/**/*.test.ts'] },
});
