import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// Builds two pages into dist/web. src/http/pages.ts serves them under /pages/. They load nothing from elsewhere.
export default defineConfig({
  root: here('.'),
  base: '/pages/',
  logLevel: 'warn',
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined files become data: URLs, which would need a weaker content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // GraphiQL's editor is large. It is loaded once.
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: {
      input: [here('demo.html'), here('graphiql.html')],
      // Libraries mark files for servers that render React, which this is not.
      onwarn(warning, warn) {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  worker: { format: 'es' },
});
