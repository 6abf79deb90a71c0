import fc from 'fast-check';
import { z } from 'zod';
import { parseLeniently } from '../../../src/lib/lenient-parse.js';

const text = z.string().nullish();
const schema = z.object({
  id: z.union([z.number(), z.string()]).transform(String),
  topic: text,
  minutes: z.int().min(0).nullish(),
  size: z.number().nullish(),
  isOpen: z.boolean().nullish(),
  settings: z.object({ isOpen: z.boolean().nullish() }).nullish(),
  dates: z.array(z.object({ id: z.string(), topic: text })).nullish(),
});
const read = (fields: object) => parseLeniently(schema, { id: 1, ...fields });

test('data as documented is read as it is, without oddities', () => {
  const fields = { topic: 'a', minutes: 60, size: 1.5, isOpen: true, dates: [{ id: '1', topic: null }] };
  expect(read(fields)).toEqual({ value: { ...fields, id: '1' }, oddities: [] });
});

test.each([
  ['text for a number', { size: '386951' }, { size: 386951 }, 'size'],
  ['text for a whole number', { minutes: '60' }, { minutes: 60 }, 'minutes'],
  ['a fraction for a whole number', { minutes: 30.5 }, { minutes: 31 }, 'minutes'],
  ['a number for text', { topic: 5 }, { topic: '5' }, 'topic'],
  ['text for a flag', { isOpen: 'True' }, { isOpen: true }, 'isOpen'],
  ['a number for a flag', { isOpen: 0 }, { isOpen: false }, 'isOpen'],
  [
    'text for a flag inside',
    { settings: { isOpen: 'false' } },
    { settings: { isOpen: false } },
    'settings.isOpen',
  ],
])('%s is converted', (_what, fields, expected, oddity) => {
  expect(read(fields)).toEqual({ value: { id: '1', ...expected }, oddities: [oddity] });
});

test.each([
  ['words for a number', { size: 'many' }, {}, 'size'],
  ['empty text for a number', { minutes: '' }, {}, 'minutes'],
  ['a number that is wrong in two ways', { minutes: -0.7 }, {}, 'minutes'],
  ['an object that has no text', { size: { toString: null } }, {}, 'size'],
  ['an object for text', { topic: {} }, {}, 'topic'],
  ['a flag for text', { topic: true }, {}, 'topic'],
  ['a list for an object', { settings: [] }, {}, 'settings'],
  ['an object for a list', { dates: {} }, {}, 'dates'],
])('%s is left out, and nothing else', (_what, fields, expected, oddity) => {
  expect(read({ isOpen: true, ...fields })).toEqual({
    value: { id: '1', isOpen: true, ...expected },
    oddities: [oddity],
  });
});

test('elements that cannot be read are left out; the others stay in order', () => {
  const dates = [{ id: 'a' }, {}, { id: null, topic: [] }, null, 7, { id: 5 }, { id: 'b', topic: {} }];
  expect(read({ dates })).toEqual({
    value: { id: '1', dates: [{ id: 'a' }, { id: '5' }, { id: 'b' }] },
    oddities: ['dates.*.id', 'dates.*.topic', 'dates.*'],
  });
});

test.each([[undefined], [null], [[]], [{}], ['text'], [5], [{ id: null }], [{ id: {} }]])(
  'without what the whole needs, nothing is read: %j',
  (data) => {
    expect(parseLeniently(schema, data)).toBeUndefined();
  },
);

test('whatever JSON the optional fields hold, the id is kept and the data is not changed', () => {
  const fields = fc.record({
    topic: fc.jsonValue(),
    minutes: fc.jsonValue(),
    size: fc.jsonValue(),
    isOpen: fc.jsonValue(),
    settings: fc.oneof(fc.jsonValue(), fc.record({ isOpen: fc.jsonValue() })),
    dates: fc.oneof(
      fc.jsonValue(),
      fc.array(fc.oneof(fc.jsonValue(), fc.record({ id: fc.jsonValue(), topic: fc.jsonValue() }))),
    ),
  });
  fc.assert(
    fc.property(fields, (odd) => {
      const data = { id: 1, ...odd };
      const before = JSON.stringify(data);
      const result = parseLeniently(schema, data);
      expect(result?.value.id).toBe('1');
      expect(schema.safeParse({ ...result?.value }).success).toBe(true);
      expect(JSON.stringify(data)).toBe(before);
    }),
  );
});
