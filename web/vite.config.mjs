import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// Two pages into dist/web, served under /pages/ by src/http/pages.ts. Nothing is loaded from elsewhere.
export default defineConfig({
  root: here('.'),
  base: '/pages/',
  logLevel: 'warn',
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // No inlined files: data: URLs and inline scripts would ask for a weaker content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The editor is one large program, loaded once.
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: {
      input: [here('demo.html'), here('graphiql.html')],
      // Libraries mark files for servers that render React; there is none here.
      onwarn(warning, warn) {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  worker: { format: 'es' },
});
