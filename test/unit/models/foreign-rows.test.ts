import { describeForeignRows, type ForeignRows, kindOfRow } from '../../../src/models/foreign-rows.js';

test.each([
  [{ grantGeneration: 1 }, 'ours'],
  [{ grantGeneration: 3, schemaVersion: 1 }, 'ours'],
  [{ grantGeneration: 3, schemaVersion: null }, 'ours'],
  [{}, 'former project'],
  [{ schemaVersion: 1 }, 'former project'],
  [{ grantGeneration: 0 }, 'former project'],
  [{ grantGeneration: '1' }, 'former project'],
  [{ grantGeneration: 1, schemaVersion: 2 }, 'other version'],
  [{ grantGeneration: 1, schemaVersion: 0 }, 'other version'],
  [{ schemaVersion: '1' }, 'other version'],
])('the grant %j is of: %s', (row, kind) => {
  expect(kindOfRow(row, true)).toBe(kind);
});

test.each([
  [{}, 'ours'],
  [{ schemaVersion: 1 }, 'ours'],
  [{ schemaVersion: 2 }, 'other version'],
])('the row %j of another collection is of: %s', (row, kind) => {
  expect(kindOfRow(row, false)).toBe(kind);
});

test('nothing is said of collections without rows of others', () => {
  const none: ForeignRows = { collection: 'a', formerProject: 0, otherVersion: 0, isComplete: true };
  expect(describeForeignRows([none, { ...none, isComplete: false }])).toBeUndefined();
  expect(describeForeignRows([none, { ...none, collection: 'b', formerProject: 3 }])).toBe(
    'b: 3 of another project',
  );
});
