import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  build: {
    target: 'es2022',
    lib: { entry: { index: source('index.ts'), testing: source('testing/index.ts') }, formats: ['es'] },
    rollupOptions: { external: ['idb'] },
  },
  test: { include: ['src/**/*.test.ts'] },
});
