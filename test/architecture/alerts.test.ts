import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALLBACK_REASONS } from '../../src/grants/connect/callback-outcome.js';
import { ERROR_CODES } from '../../src/lib/errors.js';
import { AUDIT_EVENT_TYPES } from '../../src/models/audit-event.js';
import { TRANSIENT_CODES } from '../../src/models/refresh-state.js';
import { DISCONNECT_REASONS } from '../../src/models/user-oauth-token.js';
import { type Harness, startHarness } from '../support/harness.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const matchesOf = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, found]) => found ?? '');

/** Metrics of Prometheus itself and of its blackbox exporter. */
const OF_PROMETHEUS = ['up', 'probe_success'];
const FUNCTIONS = [
  'sum',
  'max',
  'time',
  'rate',
  'increase',
  'changes',
  'histogram_quantile',
  'min_over_time',
  'by',
  'and',
];

const rules = read('ops/prometheus-rules.yaml');
const alerts = matchesOf(rules, /- alert: (\w+)/g);
const panels = (
  JSON.parse(read('ops/grafana-dashboard.json')) as { panels: { targets?: { expr: string }[] }[] }
).panels;
const expressions = [
  ...matchesOf(rules, /expr: (?:\|\n)?((?:.+\n)(?: {12,}.+\n)*)/g),
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
];
const PROMTOOL = (process.env['PATH'] ?? '')
  .split(':')
  .map((folder) => join(folder, 'promtool'))
  .find((path) => existsSync(path));

/** The names of metrics in a PromQL expression. */
function metricsIn(expression: string): string[] {
  const bare = expression.replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ').replace(/\bby \([^)]*\)/g, ' ');
  return matchesOf(bare, /\b([a-z]\w*)\b/g).filter((word) => !FUNCTIONS.includes(word));
}

/** The values that the expressions compare a label with. */
const valuesOf = (label: string) =>
  expressions
    .flatMap((expression) => matchesOf(expression, new RegExp(`\\b${label}(?:=~|!~|!=|=)"([^"]*)"`, 'g')))
    .flatMap((value) => value.split('|'));

describe('metrics', () => {
  let harness: Harness;
  let served: string[];
  beforeAll(async () => {
    harness = await startHarness();
    const text = await (await fetch(`${harness.url}/metrics`)).text();
    served = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
    );
  });
  afterAll(() => harness.close());

  test('the rules and the dashboard use only metrics that a started server serves', () => {
    const used = expressions.flatMap(metricsIn);
    expect(used.length).toBeGreaterThan(40);
    const unknown = used.filter((name) => ![...served, ...OF_PROMETHEUS].includes(name));
    expect(unknown).toEqual([]);
  });

  test('they compare labels with values that the code has', () => {
    const allowed: Record<string, readonly string[]> = {
      type: AUDIT_EVENT_TYPES,
      cause: [...DISCONNECT_REASONS, ...TRANSIENT_CODES],
      code: Object.keys(ERROR_CODES),
      outcome: [...CALLBACK_REASONS, 'connected', 'refused', 'delivered', 'failed', 'gave_up', 'ok'],
    };
    for (const [label, values] of Object.entries(allowed)) {
      expect(valuesOf(label).length).toBeGreaterThan(0);
      expect(valuesOf(label).filter((value) => !values.includes(value))).toEqual([]);
    }
  });
});

describe('alerts', () => {
  test('each has a section that says what it means, what users see and what to do', () => {
    const [, chapter = ''] =
      /^## Alerts\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(read('docs/operations.md')) ?? [];
    const sections = chapter.split(/^### /m).slice(1);
    expect(sections.map((section) => section.split('\n')[0])).toEqual(alerts);
    for (const section of sections)
      for (const part of ['**Meaning.**', '**Users**', '**Do.**']) expect(section).toContain(part);
  });

  test('each has a case in which it fires, and one hour in which none does', () => {
    const cases = read('ops/prometheus-rules.test.yaml');
    for (const alert of alerts) {
      expect(cases).toMatch(new RegExp(`alertname: ${alert}\\n +eval_time: \\S+\\n +exp_alerts:`));
      expect(cases).toContain(`{ alertname: ${alert}, eval_time: 50m }`);
    }
  });

  (PROMTOOL ? test.each : test.skip.each)(['check', 'test'])(
    'promtool %s rules finds nothing wrong',
    (command) => {
      const file = command === 'check' ? 'prometheus-rules.yaml' : 'prometheus-rules.test.yaml';
      const output = execFileSync(PROMTOOL ?? '', [command, 'rules', file], {
        cwd: join(ROOT, 'ops'),
        encoding: 'utf8',
      });
      expect(output).toMatch(/SUCCESS/);
    },
  );
});
