/**
 * npm run mutation: changes the modules that decide purely, one small change at a time, and expects a unit or conformance
 * test to fail. What needs a database or processes to be seen is in test/defences.
 */
export default {
  mutate: [
    'src/**/*-policy.ts',
    'src/grants/**/{callback-outcome,grant-status,return-to}.ts',
    'src/oauth/**/*.ts',
    'src/grants/token-cipher.ts',
    'src/zoom/api/{account-pauses,api-error,api-failure,api-redirect,bulkhead,zoom-api}.ts',
    'src/{relay,zoom}/**/{page-cursor,cursor,paging,slice}.ts',
    'src/lib/retry-after.ts',
  ],
  thresholds: { high: 98, low: 95, break: 95 },
  testRunner: 'jest',
  // Jest runs ES modules by way of node:vm.
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: {
    projectType: 'custom',
    config: {
      testMatch: [
        '<rootDir>/test/unit/{app-token,events,grants,lib,meetings,oauth,relay,zoom}/**/*.test.ts',
        '<rootDir>/test/conformance/rfc{6749,7009,7636}.test.ts',
      ],
      // These need no database.
      globalSetup: undefined,
      globalTeardown: undefined,
    },
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  ignorePatterns: ['.data', 'coverage', 'web'],
  reporters: ['clear-text', 'html', 'progress-append-only'],
  clearTextReporter: { allowColor: false, reportTests: false, skipFull: true },
  jsonReporter: { fileName: 'coverage/mutation.json' },
  htmlReporter: { fileName: 'coverage/mutation.html' },
};
