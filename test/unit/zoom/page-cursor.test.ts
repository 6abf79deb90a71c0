import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../../src/zoom/page-cursor.js';

const refusal = (cursor: string, list = 'meetings:upcoming') => {
  try {
    decodeCursor(cursor, list);
    return 'accepted';
  } catch (error) {
    const { code, details, message } = error as {
      code: string;
      details: { argument: string };
      message: string;
    };
    return `${code} ${details.argument}: ${message.includes('another list') ? 'another list' : 'no cursor'}`;
  }
};
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a cursor comes back as it went out', () => {
  const cursors = fc.record({
    token: fc.string({ unit: 'binary', maxLength: 300 }),
    skip: fc.integer({ min: 0, max: 300 }),
    pageSize: fc.integer({ min: 1, max: 300 }),
    list: fc.string({ maxLength: 100 }),
  });
  fc.assert(
    fc.property(cursors, (cursor) => {
      const text = encodeCursor(cursor);
      expect(text).toMatch(/^[\w-]+$/);
      expect(decodeCursor(text, cursor.list)).toEqual(cursor);
    }),
  );
});

test.each([
  ['an empty text', ''],
  ['a page token of Zoom', 'b43YBRLJFg3V4vsSpxvGdKIGtNbxn9h9If2'],
  ['something else in base64', Buffer.from('hello').toString('base64url')],
  ['an object', encoded({ token: '', skip: 0 })],
  ['too few parts', encoded(['', 0, 30])],
  ['too many parts', encoded(['', 0, 30, 'meetings:upcoming', 1])],
  ['a negative place', encoded(['', -1, 30, 'meetings:upcoming'])],
  ['a broken place', encoded(['', 0.5, 30, 'meetings:upcoming'])],
  ['a page of nothing', encoded(['', 0, 0, 'meetings:upcoming'])],
  ['a page larger than Zoom has', encoded(['', 0, 301, 'meetings:upcoming'])],
  ['an endless token', encoded(['x'.repeat(1025), 0, 30, 'meetings:upcoming'])],
  ['numbers for text', encoded([7, 0, 30, 'meetings:upcoming'])],
])('%s is no cursor', (_what, cursor) => {
  expect(refusal(cursor)).toBe('BAD_USER_INPUT after: no cursor');
});

test('no text makes decoding fail in any other way', () => {
  fc.assert(fc.property(fc.string(), (text) => refusal(text).startsWith('BAD_USER_INPUT after')));
});

test('a cursor of another list is refused', () => {
  const cursor = encodeCursor({ token: 't', skip: 0, pageSize: 30, list: 'meetings:live' });
  expect(refusal(cursor)).toBe('BAD_USER_INPUT after: another list');
});
