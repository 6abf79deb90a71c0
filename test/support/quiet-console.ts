/** A test that writes to the console fails: what is worth saying belongs into an assertion or into the log. */
for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
  // eslint-disable-next-line no-console
  console[method] = (...values: unknown[]) => {
    throw new Error(`console.${method} in a test: ${values.map(String).join(' ')}`);
  };
}
