import { register } from 'prom-client';
import { CENSUS_FIGURES } from '../../../src/grants/store/census.js';
import { Metrics } from '../../../src/http/metrics.js';

test('counts what happened to connections by type and cause', async () => {
  const metrics = new Metrics(() => 2);
  metrics.countConnectionEvent('delivered');
  metrics.countWebhook('app_deauthorized');
  metrics.countRefusal({ isLasting: true });
  metrics.countOddAnswer('token');
  metrics.observeApiAnswer({ method: 'GET', durationMs: 40 });
  const text = await metrics.registry.metrics();
  expect(text).toContain('zoom_connection_events_total{outcome="delivered"} 1');
  expect(text).toContain('zoom_webhooks_total{outcome="app_deauthorized"} 1');
  expect(text).toContain('zoom_api_duration_seconds_count{method="GET",status="0"} 1');
  expect(text).toContain('zoom_refresh_refusals_total{lasting="true"} 1');
  expect(text).toContain('zoom_odd_answers_total{answer="token"} 1');
  expect(text).toContain('background_tasks 2');
});

test.each(['nodejs_eventloop_lag_seconds', 'nodejs_heap_size_used_bytes', 'process_cpu_seconds_total'])(
  'says of the process: %s',
  async (name) => {
    expect(await new Metrics(() => 0).registry.metrics()).toMatch(new RegExp(`^${name} \\d`, 'm'));
  },
);

test('two servers in one process share no metric, and leave the global registry alone', async () => {
  const [one, other] = [new Metrics(() => 1), new Metrics(() => 7)];
  one.countCallback('connected');
  expect(await one.registry.metrics()).toContain('zoom_callback_outcomes_total{outcome="connected"} 1');
  expect(await other.registry.metrics()).toContain('zoom_callback_outcomes_total{outcome="connected"} 0');
  expect(await register.getMetricsAsJSON()).toEqual([]);
});

test('every counter exists from the start with the value 0, and so does every histogram of closed labels', async () => {
  const metrics = new Metrics(() => 0);
  metrics.work.nameJobs(['revoke_grants'], new Date());
  const all = await metrics.registry.getMetricsAsJSON();
  // Node's own figures run already.
  const ours = all.filter(({ name }) => !/^(process|nodejs)_/.test(name));
  // The schema names its fields when the server starts.
  const counters = ours.filter(
    ({ name, type }) => String(type) === 'counter' && name !== 'zoom_access_refused_total',
  );
  expect(counters.length).toBeGreaterThanOrEqual(12);
  for (const { name, values } of counters)
    expect({ name, values: values.map(({ value }) => value) }).toEqual({
      name,
      values: [0, ...Array<number>(values.length - 1).fill(0)],
    });
  const text = await metrics.registry.metrics();
  for (const series of [
    'zoom_grant_events_total{type="grant.ended",cause="SCOPES_CHANGED"} 0',
    'zoom_grant_events_total{type="authorization.failed",cause="ZOOM_APP_MISCONFIGURED"} 0',
    'zoom_token_request_duration_seconds_count{operation="refresh",outcome="misconfigured"} 0',
    'zoom_refresh_lease_wait_seconds_count{outcome="gave_up"} 0',
    'maintenance_item_failures_total{job="revoke_grants"} 0',
    'rate_limited_total{operation="start"} 0',
  ])
    expect(text).toContain(series);
});

test('what nobody has counted has no series', async () => {
  const text = await new Metrics(() => 0).registry.metrics();
  expect(text).toMatch(/^# TYPE zoom_keep_alive_backlog gauge$/m);
  expect(text).not.toMatch(
    /^zoom_(grants|refused|refresh_tokens|keep_alive|queue|sealed|census)\w*(\{.*\})? /m,
  );
});

test('a census takes the place of the one before, and samples that are not known here are left out', async () => {
  const metrics = new Metrics(() => 0);
  const known = CENSUS_FIGURES.map((figure) => ({ figure, label: 'a', value: 1 }));
  metrics.census.publish({ takenAt: new Date(60_000), samples: known }, new Set(['a']));
  const samples = [
    { figure: 'sealed_values', label: 'b', value: 7 },
    { figure: 'of another version', label: '', value: 1 },
    { figure: 'grants', label: 'CONNECTED', value: 'many' },
    undefined,
  ];
  metrics.census.publish({ takenAt: new Date(120_000), samples }, new Set(['a']));
  const text = await metrics.registry.metrics();
  expect(text).toContain('zoom_sealed_values{kid="b",known="false"} 7');
  expect(text).toContain('zoom_census_timestamp_seconds 120');
  expect(text).not.toContain('kid="a"');
  expect(text).not.toMatch(/^zoom_grants\{/m);
  for (const samplesOfNobody of [undefined, null, 'text', {}])
    expect(() => {
      metrics.census.publish({ takenAt: new Date(0), samples: samplesOfNobody }, new Set());
    }).not.toThrow();
});
