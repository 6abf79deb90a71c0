import { register } from 'prom-client';
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
