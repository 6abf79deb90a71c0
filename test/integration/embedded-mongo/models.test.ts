import { setTimeout as sleep } from 'node:timers/promises';
import 'reflect-metadata';
import {
  getModelForClass,
  index,
  modelOptions,
  prop,
  type Ref,
  type ReturnModelType,
} from '@typegoose/typegoose';
import mongoose, { type Connection } from 'mongoose';
import { RateLimiterMongo, type RateLimiterRes } from 'rate-limiter-flexible';
import { startTestDatabase, type TestDatabase } from './support.js';

@modelOptions({ schemaOptions: { autoIndex: false } })
class Owner {
  @prop({ type: () => String, required: true, unique: true })
  name!: string;
}

@index({ subject: 1 }, { unique: true, partialFilterExpression: { subject: { $exists: true } } })
@index({ expiresAt: 1 }, { expireAfterSeconds: 3600 })
@modelOptions({ schemaOptions: { timestamps: true, autoIndex: false, versionKey: false } })
class Grant {
  @prop({ type: () => String, required: true })
  subject!: string;

  @prop({ type: () => Buffer })
  secret?: Buffer;

  @prop({ type: () => [String], default: [] })
  scopes!: string[];

  @prop({ ref: () => Owner })
  owner?: Ref<Owner>;

  @prop({ type: () => Date })
  expiresAt?: Date;

  createdAt!: Date;
}

let database: TestDatabase;
let connection: Connection;
let Owners: ReturnModelType<typeof Owner>;
let Grants: ReturnModelType<typeof Grant>;

beforeAll(async () => {
  database = await startTestDatabase({ notablescan: true });
  connection = await mongoose
    .createConnection(database.server.uri, { dbName: 'models', bufferCommands: false, autoCreate: false })
    .asPromise();
  Owners = getModelForClass(Owner, { existingConnection: connection });
  Grants = getModelForClass(Grant, { existingConnection: connection });
  for (const model of [Owners, Grants, Owners, Grants]) await model.createIndexes();
});
afterAll(async () => {
  await connection.close();
  await database.stop();
});

test('a document is saved, populated and read lean', async () => {
  const owner = await Owners.create({ name: 'o' });
  const grant = await Grants.create({ subject: 's', secret: Buffer.from('xyz'), owner: owner._id });
  expect(grant.createdAt).toBeInstanceOf(Date);
  const populated = await Grants.findById(grant.id).populate('owner').lean();
  expect(populated?.owner).toMatchObject({ name: 'o' });
  expect((await Grants.findById(grant.id))?.secret?.toString()).toBe('xyz');
});

test('a duplicate is refused and an upsert sets the timestamps', async () => {
  await Grants.create({ subject: 'once' });
  await expect(Grants.create({ subject: 'once' })).rejects.toMatchObject({
    code: 11000,
    keyValue: { subject: 'once' },
  });
  const options = { upsert: true, returnDocument: 'after' } as const;
  const upserted = await Grants.findOneAndUpdate({ subject: 'up' }, { $set: { scopes: ['c'] } }, options);
  expect(upserted).toMatchObject({ subject: 'up', scopes: ['c'] });
  expect(upserted.createdAt).toBeInstanceOf(Date);
});

describe('RateLimiterMongo', () => {
  const limiterFor = async (tableName: string, duration: number): Promise<RateLimiterMongo> => {
    const options = { storeClient: database.client, dbName: 'limits', tableName, points: 10, duration };
    const limiter = new RateLimiterMongo({ ...options, disableIndexesCreation: true });
    await limiter.createIndexes();
    return limiter;
  };

  test('lets exactly ten of fifty concurrent consumers pass', async () => {
    const limiter = await limiterFor('ten', 60);
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => limiter.consume('key')));
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as RateLimiterRes] : [],
    );
    expect(refused).toHaveLength(40);
    for (const { msBeforeNext } of refused) expect(msBeforeNext).toBeGreaterThan(0);
  });

  test('starts anew when the time is over, and forgets what is deleted', async () => {
    const limiter = await limiterFor('again', 0.05);
    await limiter.consume('key', 10);
    await expect(limiter.consume('key')).rejects.toHaveProperty('remainingPoints', 0);
    await sleep(60);
    expect(await limiter.consume('key')).toHaveProperty('consumedPoints', 1);
    expect(await limiter.delete('key')).toBe(true);
    expect(await limiter.get('key')).toBeNull();
    await limiter.block('key', 60);
    await expect(limiter.consume('key')).rejects.toHaveProperty('remainingPoints', 0);
  });
});
