import { type IndexDefinition, planIndexes } from '../../../src/models/index-plan.js';

const WANTED: IndexDefinition = {
  name: 'wanted',
  key: { a: 1, b: -1 },
  unique: true,
  partialFilterExpression: { a: { $exists: true }, c: 1 },
};
const NOTHING = { create: [], differing: [], replaced: [], unused: [] };
const ID: IndexDefinition = { name: '_id_', key: { _id: 1 } };

test('a missing index is created', () => {
  expect(planIndexes([WANTED], [ID])).toEqual({ ...NOTHING, create: [WANTED] });
});

test.each<[string, Partial<IndexDefinition>]>([
  ['itself', {}],
  ['another name', { name: 'other' }],
  ['another order of the condition', { partialFilterExpression: { c: 1, a: { $exists: true } } }],
  ['what the server adds', { sparse: false }],
])('an index that does the same is enough: %s', (_what, changes) => {
  expect(planIndexes([WANTED], [ID, { ...WANTED, ...changes }])).toEqual(NOTHING);
});

test.each<[string, Partial<IndexDefinition>]>([
  ['not unique', { unique: false }],
  ['sparse', { sparse: true }],
  ['another order of the fields', { key: { b: -1, a: 1 } }],
  ['another direction', { key: { a: 1, b: 1 } }],
  ['another condition', { partialFilterExpression: { a: { $exists: true } } }],
  ['no condition', { partialFilterExpression: undefined }],
  ['a time to live', { expireAfterSeconds: 0 }],
])('an index of the same name differs by any option: %s', (_what, changes) => {
  expect(planIndexes([WANTED], [{ ...WANTED, ...changes }])).toEqual({ ...NOTHING, differing: [WANTED] });
});

test('an index of a former release is replaced only if it is exactly that one', () => {
  const former = { ...WANTED, name: 'former', key: { a: 1 } };
  const foreign = { ...former, unique: false };
  expect(planIndexes([WANTED], [WANTED, former], [former])).toEqual({ ...NOTHING, replaced: [former] });
  expect(planIndexes([WANTED], [WANTED, foreign], [former])).toEqual({ ...NOTHING, unused: [foreign] });
});
