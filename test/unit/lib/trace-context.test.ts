import fc from 'fast-check';
import { parseTraceparent, traceparentOf } from '../../../src/lib/trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test.each([
  ['the example of the standard', `00-${TRACE}-${SPAN}-01`, { traceId: TRACE, flags: '01' }],
  ['a trace that is not recorded', `00-${TRACE}-${SPAN}-00`, { traceId: TRACE, flags: '00' }],
  ['a later version with more parts', `cc-${TRACE}-${SPAN}-01-more`, { traceId: TRACE, flags: '01' }],
])('reads %s', (_what, header, expected) => {
  expect(parseTraceparent(header)).toEqual(expected);
});

test.each([
  ['no header', undefined],
  ['an empty header', ''],
  ['two headers', [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`]],
  ['the forbidden version', `ff-${TRACE}-${SPAN}-01`],
  ['version 00 with more parts', `00-${TRACE}-${SPAN}-01-more`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['a line break at the end', `00-${TRACE}-${SPAN}-01\n`],
  ['text before it', ` 00-${TRACE}-${SPAN}-01`],
])('does not read %s', (_what, header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});

test('keeps the trace and whether it is sampled, and gives each request another span id', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), (flagBits) => {
      const flags = flagBits.toString(16).padStart(2, '0');
      const [one, other] = [1, 2].map(() => traceparentOf({ traceId: TRACE, flags }));
      expect(one).not.toBe(other);
      expect(one).not.toContain(SPAN);
      expect(parseTraceparent(one)).toEqual({ traceId: TRACE, flags: flagBits % 2 === 1 ? '01' : '00' });
    }),
  );
});
