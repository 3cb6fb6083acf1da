import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The server that `npm run dev` passes API calls on to.
const runner = process.env['ITGLUE_REVIO_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [{ find: /^(@mui\/x-date-pickers.*|ajv|ajv-formats)$/, replacement: join(import.meta.dirname, 'src/pages/wizard/form/absent.ts') }],
  },
  build: {
    outDir: 'dist/app',
    assetsDir: 'static', // not "assets": that is a page
    target: 'es2023',
    manifest: true,
    sourcemap: false,
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/v1': runner, '/sign-in': runner, '/healthz': runner } },
  test: { environment: 'node', include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'] },
});
