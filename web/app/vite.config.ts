import { fileURLToPath } from 'node:url';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';

// `npm run dev` serves the page from source and passes API calls on to a running Tidemark.
const gateway = process.env.TIDEMARK_URL ?? 'http://127.0.0.1:8080';
const API = ['/auth', '/sync', '/tasks', '/devices', '/usage', '/export'];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // The SDK from its source: one build, and what is not used of it falls away.
  resolve: { conditions: ['@tidemark/source', 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: ['@tidemark/source', 'module', 'node', 'development|production'] } },
  build: { target: 'es2022', outDir: '../dist', emptyOutDir: true, assetsInlineLimit: 0 },
  server: { proxy: Object.fromEntries(API.map((path) => [path, gateway])) },
  plugins: [
    VitePWA({
      strategies: 'generateSW',
      // The page registers it, and asks before a newer one takes over: a tab never runs two versions at once.
      registerType: 'prompt',
      injectRegister: false,
      manifest: {
        id: '/',
        name: 'Tidemark',
        short_name: 'Tidemark',
        description: 'Your task list, the same on every device. Also without a network.',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#f6f4ee',
        theme_color: '#0b6b83',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg}', 'icon-192.png'],
        // Every screen is "/": other addresses of the server, such as /docs and /status, are never the page.
        navigateFallback: null,
        cleanupOutdatedCaches: true,
      },
    }),
  ],
  test: { name: 'app', include: ['src/**/*.test.ts'] },
});
