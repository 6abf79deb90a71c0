import { compileProjection } from '../../../src/embedded-mongo/query/projection';
import { doc, plain } from './as-bson';

const DOCUMENT = { _id: 1, a: 1, b: { c: 2, d: 3 }, e: [{ f: 4, g: 5 }, 6] };

test.each<[object, object]>([
  [{}, DOCUMENT],
  [{ a: 1 }, { _id: 1, a: 1 }],
  [{ a: 1, _id: 0 }, { a: 1 }],
  [{ _id: 1 }, { _id: 1 }],
  [{ _id: 0 }, { a: 1, b: { c: 2, d: 3 }, e: [{ f: 4, g: 5 }, 6] }],
  [
    { a: 0, e: false },
    { _id: 1, b: { c: 2, d: 3 } },
  ],
  [{ 'b.c': true }, { _id: 1, b: { c: 2 } }],
  [
    { 'b.c': 0, e: 0 },
    { _id: 1, a: 1, b: { d: 3 } },
  ],
  [{ 'e.f': 1 }, { _id: 1, e: [{ f: 4 }] }],
  [
    { 'e.f': 0, a: 0, b: 0 },
    { _id: 1, e: [{ g: 5 }, 6] },
  ],
  [{ 'a.x': 1 }, { _id: 1 }],
  [{ constructor: 1 }, { _id: 1 }],
])('%j', (projection, expected) => {
  expect(plain(compileProjection(doc(projection))(doc(DOCUMENT)))).toEqual(plain(doc(expected)));
});

test.each<[object, number]>([
  [{ a: 1, b: 0 }, 31254],
  [{ a: 0, b: 1 }, 31253],
  [{ a: 1, 'a.b': 1 }, 31249],
  [{ a: { $slice: 1 } }, 238],
  [{ a: 'x' }, 238],
  [{ 'a.$': 1 }, 238],
])('%j is refused with code %i', (projection, code) => {
  expect(() => compileProjection(doc(projection))).toThrow(expect.objectContaining({ code }));
});
