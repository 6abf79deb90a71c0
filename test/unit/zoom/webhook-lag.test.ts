import fc from 'fast-check';
import { webhookLagMs } from '../../../src/zoom/webhook-lag.js';

const NOW = new Date('2026-01-15T12:00:00Z');
const ago = (ms: number) => NOW.getTime() - ms;
const lagOf = (body: unknown) => webhookLagMs(Buffer.from(JSON.stringify(body)), NOW);

test.each<[string, unknown, number | undefined]>([
  ['milliseconds', { event_ts: ago(1_500) }, 1_500],
  ['seconds', { event_ts: Math.floor(ago(60_000) / 1000) }, 60_000],
  ['a text', { event_ts: String(ago(5_000)) }, 5_000],
  ['a time in the payload', { payload: { event_ts: ago(7_000) } }, 7_000],
  ['a time ahead of our clock', { event_ts: ago(-2_000) }, 0],
  ['a time of another month', { event_ts: ago(40 * 86_400_000) }, undefined],
  ['no time', { event: 'meeting.started' }, undefined],
  ['a time that is none', { event_ts: { ms: 1 } }, undefined],
  ['null', null, undefined],
])('the lag of a webhook with %s is %j', (_what, body, expected) => {
  expect(lagOf(body)).toBe(expected);
});

test('no body makes it throw, and no lag is negative', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(webhookLagMs(Buffer.from(text), NOW) ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});
