import { Registry } from 'prom-client';
import { type OperationReport } from '../../../src/graphql/operation.js';
import { RequestMetrics } from '../../../src/http/request-metrics.js';

const report = (changes: Partial<OperationReport>): OperationReport => ({
  codes: [],
  errorIds: [],
  durationMs: 10,
  userId: 'u',
  ...changes,
});

async function labelsAfter(reports: OperationReport[], trusted?: Set<string>): Promise<string[]> {
  const registry = new Registry();
  const metrics = new RequestMetrics(registry);
  if (trusted) metrics.nameOperations(trusted);
  for (const each of reports) metrics.observeOperation(each);
  const text = await registry.metrics();
  return [...text.matchAll(/duration_seconds_count\{operation="(\w+)"/g)].map(([, name = '']) => name);
}

test('an operation is counted by its name, and by the code of its first error', async () => {
  const registry = new Registry();
  const metrics = new RequestMetrics(registry);
  metrics.observeOperation(report({ name: 'A', codes: ['ZOOM_UNAVAILABLE', 'FORBIDDEN'] }));
  const text = await registry.metrics();
  expect(text).toContain('graphql_operation_duration_seconds_count{operation="A",code="ZOOM_UNAVAILABLE"} 1');
  expect(text).toContain('graphql_errors_total{code="FORBIDDEN"} 1');
});

test('at most a hundred names have a series', async () => {
  const labels = await labelsAfter(Array.from({ length: 500 }, (_, index) => report({ name: `N${index}` })));
  expect(labels).toHaveLength(101);
  expect(labels).toContain('other');
});

test('a caller without a valid token names nothing new', async () => {
  const stranger: OperationReport = { name: 'Stranger', codes: [], errorIds: [], durationMs: 10 };
  expect(await labelsAfter([stranger])).toEqual(['other']);
  expect(await labelsAfter([report({ name: 'Stranger' }), stranger])).toEqual(['Stranger']);
});

test('with a list of trusted documents only its names have a series', async () => {
  expect(await labelsAfter([report({ name: 'A' }), report({ name: 'B' })], new Set(['A']))).toEqual([
    'A',
    'other',
  ]);
});
