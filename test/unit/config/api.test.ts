import { apiOf } from '../../../src/config/api.js';
import { parseConfig } from '../../../src/config/config.js';

const DEFAULTS = {
  GRAPHQL_INTROSPECTION: undefined,
  GRAPHQL_TRUSTED_DOCUMENTS: undefined,
  METRICS_TOKEN: undefined,
  HOSTED_MEETINGS_PER_DAY: 30,
};

test.each([
  [undefined, false, 'everybody'],
  [undefined, true, 'authenticated'],
  ['true', true, 'everybody'],
  ['false', false, 'nobody'],
  ['authenticated', false, 'authenticated'],
] as const)('GRAPHQL_INTROSPECTION %s, in production %s: %s', (value, production, access) => {
  expect(apiOf({ ...DEFAULTS, GRAPHQL_INTROSPECTION: value }, production).introspection).toBe(access);
});

test('a list of trusted documents turns the introspection off', () => {
  const api = apiOf(
    { ...DEFAULTS, GRAPHQL_TRUSTED_DOCUMENTS: 'x.json', GRAPHQL_INTROSPECTION: 'true' },
    false,
  );
  expect(api).toMatchObject({ introspection: 'nobody', trustedDocumentsFile: 'x.json' });
});

test.each([
  ['METRICS_TOKEN', 'short'],
  ['GRAPHQL_INTROSPECTION', 'yes'],
  ['HOSTED_MEETINGS_PER_DAY', '0'],
  ['HOSTED_MEETINGS_PER_DAY', 'many'],
])('%s=%s is refused', (name, value) => {
  expect(() => parseConfig({ [name]: value })).toThrow(name);
});

test('the token of the metrics is a secret', () => {
  const { api } = parseConfig({ METRICS_TOKEN: 'a token for Prometheus' });
  expect(JSON.stringify(api)).not.toContain('Prometheus');
  expect(api.metricsToken?.reveal()).toBe('a token for Prometheus');
});
