import fc from 'fast-check';
import { parseWebhook, type WebhookEvent } from '../../../src/zoom/webhook-event.js';
import { ODD_VALUES, pathsIn, withValueAt } from '../../support/odd-json.js';

const NOW = new Date('2026-01-15T12:00:00Z');
const REMOVED_AT = '2026-01-15T11:59:00.250Z';
const REMOVED_MS = Date.parse(REMOVED_AT);
const EVENT_MS = REMOVED_MS + 5_000;
const parse = (body: unknown) => parseWebhook(Buffer.from(JSON.stringify(body)), NOW);
const at = (ms: number) => ({ earliest: new Date(ms), latest: new Date(ms) });
/** Nothing tells the time: Zoom has sent the event now, or for the first time at most 90 minutes ago. */
const UNKNOWN_TIME = { earliest: new Date(NOW.getTime() - 90 * 60_000), latest: NOW };

const PAYLOAD = {
  account_id: 'account',
  user_id: 'user',
  client_id: 'client',
  deauthorization_time: REMOVED_AT,
  signature: 'signature',
  user_data_retention: 'false',
};
/** The forms that Zoom's documents, its clients and older captures show. */
const DEAUTHORIZATIONS = {
  documented: { event: 'app_deauthorized', event_ts: EVENT_MS, payload: PAYLOAD },
  'with the time of the event in the payload': {
    event: 'app_deauthorized',
    payload: { ...PAYLOAD, event_ts: EVENT_MS },
  },
  'with its fields in an object': {
    event: 'app_deauthorized',
    event_ts: EVENT_MS,
    payload: { account_id: 'account', object: PAYLOAD },
  },
};
const FORMS = Object.entries(DEAUTHORIZATIONS);
const EXPECTED = {
  kind: 'app_deauthorized',
  zoomUserId: 'user',
  clientId: 'client',
  removal: at(REMOVED_MS),
};

test.each(FORMS)('a deauthorization %s is read', (_form, body) => {
  expect(parse(body)).toEqual(EXPECTED);
});

test.each(
  FORMS.flatMap(([form, body]) =>
    [...pathsIn(body)].map((path) => [form, path.join('.'), body, path] as const),
  ),
)('a deauthorization %s with anything in %s is never taken for another event', (_form, name, body, path) => {
  for (const odd of ODD_VALUES) {
    const event = parse(withValueAt(body, path, odd));
    if (name === 'event') expect([undefined, 'other']).toContain(event?.kind);
    else if (event?.kind === 'unknown_user') expect(name).toMatch(/^payload(\.object)?(\.user_id)?$/);
    else {
      const { zoomUserId, clientId, removal } = event as Extract<WebhookEvent, { kind: 'app_deauthorized' }>;
      if (!name.endsWith('user_id')) expect(zoomUserId).toBe('user');
      if (!name.endsWith('client_id')) expect(clientId).toBe('client');
      const times = name.endsWith('deauthorization_time') ? [at(EVENT_MS), UNKNOWN_TIME] : [at(REMOVED_MS)];
      expect(times).toContainEqual(removal);
    }
  }
});

test('whatever a payload holds, a deauthorization is one', () => {
  const payload = fc.record(
    {
      user_id: fc.jsonValue(),
      client_id: fc.jsonValue(),
      deauthorization_time: fc.jsonValue(),
      event_ts: fc.jsonValue(),
      object: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(payload, fc.jsonValue()), fc.jsonValue(), (odd, event_ts) => {
      const event = parse({ event: 'app_deauthorized', event_ts, payload: odd });
      expect(['app_deauthorized', 'unknown_user']).toContain(event?.kind);
      if (event?.kind !== 'app_deauthorized') return;
      const { earliest, latest } = event.removal;
      expect(earliest.getTime()).toBeLessThanOrEqual(latest.getTime());
    }),
  );
});

test.each<[string, unknown, number]>([
  ['milliseconds', REMOVED_MS, REMOVED_MS],
  ['milliseconds as text', String(REMOVED_MS), REMOVED_MS],
  ['seconds', Math.floor(REMOVED_MS / 1000), REMOVED_MS - 250],
  ['seconds as text', String(Math.floor(REMOVED_MS / 1000)), REMOVED_MS - 250],
  ['an offset', '2026-01-15T12:59:00.250+01:00', REMOVED_MS],
  ['no zone: the time of the event', '2026-01-15T11:59:00.250', EVENT_MS],
  ['another form: the time of the event', 'Thu Jan 15 2026', EVENT_MS],
  ['the year 1: the time of the event', '0001-01-01T00:00:00Z', EVENT_MS],
  ['a time far ahead: the time of the event', '2036-01-15T11:59:00Z', EVENT_MS],
  ['a time long ago: the time of the event', '2016-01-15T11:59:00Z', EVENT_MS],
])('a deauthorization time is read from %s', (_what, deauthorization_time, expected) => {
  const body = { ...DEAUTHORIZATIONS.documented, payload: { ...PAYLOAD, deauthorization_time } };
  expect(parse(body)).toEqual({ ...EXPECTED, removal: at(expected) });
});

test('a time without a zone counts as UTC if the time of the event is missing', () => {
  const payload = { ...PAYLOAD, deauthorization_time: '2026-01-15 11:59:00' };
  expect(parse({ event: 'app_deauthorized', payload })).toMatchObject({ removal: at(REMOVED_MS - 250) });
});

test('without any time, the removal lies between the first try of Zoom and now', () => {
  const body = { event: 'app_deauthorized', payload: { user_id: 'user' } };
  expect(parse(body)).toEqual({ ...EXPECTED, clientId: undefined, removal: UNKNOWN_TIME });
});

test.each([[null], [''], [undefined], [{}]])('a client id of %j is none', (client_id) => {
  const body = { ...DEAUTHORIZATIONS.documented, payload: { ...PAYLOAD, client_id } };
  expect(parse(body)).toEqual({ ...EXPECTED, clientId: undefined });
});

test('numbers are ids too', () => {
  const body = { ...DEAUTHORIZATIONS.documented, payload: { ...PAYLOAD, user_id: 5, client_id: 7 } };
  expect(parse(body)).toEqual({ ...EXPECTED, zoomUserId: '5', clientId: '7' });
});

test.each([
  ['an unknown event', '{"event":"meeting.started","payload":{}}', { kind: 'other' }],
  ['an event without a payload', '{"event":"meeting.started"}', { kind: 'other' }],
  ['a deauthorization of nobody', '{"event":"app_deauthorized","payload":{}}', { kind: 'unknown_user' }],
  [
    'an id that is not named user_id',
    '{"event":"app_deauthorized","payload":{"operator_id":"a","object":{"id":"b"}}}',
    { kind: 'unknown_user' },
  ],
  [
    'a challenge',
    '{"event":"endpoint.url_validation","payload":{"plainToken":"abc"}}',
    { kind: 'url_validation', plainToken: 'abc' },
  ],
  [
    'a challenge with a number',
    '{"event":"endpoint.url_validation","payload":{"plainToken":5}}',
    { kind: 'url_validation', plainToken: '5' },
  ],
  [
    'a challenge of 10,000 characters',
    `{"event":"endpoint.url_validation","payload":{"plainToken":"${'a'.repeat(10_000)}"}}`,
    { kind: 'url_validation', plainToken: 'a'.repeat(10_000) },
  ],
  ['a challenge without a token', '{"event":"endpoint.url_validation","payload":{}}', { kind: 'other' }],
  ['an event after a byte order mark', '\uFEFF{"event":"meeting.started"}', { kind: 'other' }],
  ['text that is not JSON', 'hello', undefined],
  ['JSON that is not an event', '[]', undefined],
])('%s is parsed as what it is', (_what, body, event) => {
  expect(parseWebhook(Buffer.from(body), NOW)).toEqual(event);
});
