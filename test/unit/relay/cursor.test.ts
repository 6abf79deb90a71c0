import fc from 'fast-check';
import { z } from 'zod';
import { type AppError } from '../../../src/lib/errors.js';
import { decodeCursor, encodeCursor } from '../../../src/relay/cursor.js';

const placeSchema = z.tuple([z.string().max(10), z.number().int().min(0)]);
const refusal = (cursor: string, list = 'letters') => {
  try {
    decodeCursor(cursor, list, placeSchema);
    return 'accepted';
  } catch (error) {
    const { code, details, message } = error as AppError;
    return `${code} ${details.argument}: ${message.includes('another list') ? 'another list' : 'no cursor'}`;
  }
};
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a place comes back as it was encoded', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (list, place) => {
      const cursor = encodeCursor(list, place);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(decodeCursor(cursor, list, z.unknown())).toEqual(JSON.parse(JSON.stringify(place)));
    }),
  );
});

test.each([
  ['an empty text', ''],
  ['a page token of Zoom', 'b43YBRLJFg3V4vsSpxvGdKIGtNbxn9h9If2'],
  ['something else in base64', Buffer.from('hello').toString('base64url')],
  ['an object', encoded({ list: 'letters', place: ['a', 0] })],
  ['too few parts', encoded(['letters'])],
  ['too many parts', encoded(['letters', ['a', 0], 1])],
  ['a number for the list', encoded([7, ['a', 0]])],
  ['a place with a part missing', encoded(['letters', ['a']])],
  ['a place out of its bounds', encoded(['letters', ['a', -1]])],
  ['a place of another type', encoded(['letters', [{ $gt: '' }, 0]])],
])('%s is not a cursor', (_what, cursor) => {
  expect(refusal(cursor)).toBe('BAD_USER_INPUT after: no cursor');
});

test('no text makes decoding fail in any other way', () => {
  fc.assert(fc.property(fc.string(), (text) => refusal(text).startsWith('BAD_USER_INPUT after')));
});

test('a cursor of another list is refused', () => {
  expect(refusal(encodeCursor('numbers', ['a', 0]))).toBe('BAD_USER_INPUT after: another list');
});
