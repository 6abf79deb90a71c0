// The audits of the GraphQL over HTTP specification, against a listening server.
import { serverAudits } from 'graphql-http';
import { type Harness, startHarness } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const CSRF =
  'CSRF prevention refuses a GET that a page of another site could send; with a preflight header it is answered';
const STATUS_400 =
  'a request error is a 400 also for application/json, as Apollo Server has it: clients and proxies see that it failed';

/** Audits that this server does not pass, by id, and why. None is a MUST. */
const DEVIATIONS: Record<string, { why: string; status: 'notice' | 'warn' }> = {
  // MAY accept application/x-www-form-urlencoded formatted GET requests
  '5A70': { why: CSRF, status: 'notice' },
  // MAY allow URL-encoded JSON string {variables} parameter in GETs, for both content types
  D6D5: { why: CSRF, status: 'notice' },
  '6A70': { why: CSRF, status: 'notice' },
  // SHOULD use 200 on document parsing failure, document validation failure and variable coercion failure when
  // accepting application/json
  '572B': { why: STATUS_400, status: 'warn' },
  FDE2: { why: STATUS_400, status: 'warn' },
  '7B9B': { why: STATUS_400, status: 'warn' },
};

const audits = serverAudits({ url: () => `${harness.url}/graphql` });
const kept = audits.filter(({ id }) => !(id in DEVIATIONS));
const deviating = audits.filter(({ id }) => id in DEVIATIONS);

test.each(kept)('$id $name', async ({ fn }) => {
  const result = await fn();
  expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
});

describe('deviations, each still one', () => {
  test.each(deviating.map(({ id, name, fn }) => ({ id, name, fn, ...DEVIATIONS[id] })))(
    '$id $name: $why',
    async ({ fn, status }) => {
      const result = await fn();
      expect(result.status).toBe(status);
      if (result.status !== 'ok') expect(result.response.status).toBe(400);
    },
  );

  test('each names an audit that exists', () => {
    expect(deviating.map(({ id }) => id).toSorted()).toEqual(Object.keys(DEVIATIONS).toSorted());
  });
});

test('a GET with a preflight header is answered, with variables', async () => {
  const query = new URLSearchParams({
    query: 'query ($n: String!) { __type(name: $n) { name } }',
    variables: '{"n":"ZoomGrant"}',
  });
  const response = await fetch(`${harness.url}/graphql?${query.toString()}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect(await response.json()).toEqual({ data: { __type: { name: 'ZoomGrant' } } });
});
