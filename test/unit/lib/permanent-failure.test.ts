import mongoose from 'mongoose';
import { isPermanentFailure } from '../../../src/lib/permanent-failure.js';
import { retryUntilStored } from '../../../src/lib/timing.js';

const { MongoServerError, MongoNetworkError, MongoServerSelectionError } = mongoose.mongo;
const refusedBy = (code: number) => new MongoServerError({ message: 'no', code });

test.each<[string, Error]>([
  ['a value of the wrong type', new mongoose.Error.CastError('Number', NaN, 'grantGeneration')],
  ['a required field that is missing', new mongoose.Error.ValidationError()],
  ['a document that a validator refuses', refusedBy(121)],
  ['a document that is too large', refusedBy(10334)],
  ['a date that is none', new RangeError('Invalid time value')],
])('%s fails for ever', (_what, error) => {
  expect(isPermanentFailure(error)).toBe(true);
});

test.each<[string, unknown]>([
  ['a lost connection', new MongoNetworkError('no')],
  ['a database that is away', new mongoose.Error.MongooseServerSelectionError('no')],
  ['a server that does not answer', new MongoServerSelectionError('no', {} as never)],
  ['a primary that stepped down', refusedBy(10107)],
  ['a user without the right', refusedBy(13)],
  ['an error that nobody knows', new Error('no')],
  ['no error', 'no'],
])('%s may pass', (_what, error) => {
  expect(isPermanentFailure(error)).toBe(false);
});

test('a write that fails for ever is tried once, and its error reaches the caller', async () => {
  const failures: number[] = [];
  const error = new mongoose.Error.ValidationError();
  const write = () => Promise.reject(error);
  await expect(retryUntilStored(write, (_error, tries) => failures.push(tries))).rejects.toBe(error);
  expect(failures).toEqual([1]);
});
