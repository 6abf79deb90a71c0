import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';

/** A database of its own on the run's server. */
export interface TestDatabase {
  uri: string;
  drop(): Promise<void>;
}

/** A fresh, empty database. */
export function testDatabase(): TestDatabase {
  const base = process.env['TEST_MONGODB_URI'];
  if (!base) throw new Error('the global setup has not run');
  const url = new URL(base.replace(/^mongodb/, 'http').replace(/^http:\/\/[^/]+/, 'http://host'));
  const authority = /^mongodb(?:\+srv)?:\/\/[^/]+/.exec(base)?.[0] ?? '';
  const uri = `${authority}/test_${process.pid}_${randomBytes(4).toString('hex')}${url.search}`;
  return {
    uri,
    async drop() {
      const connection = await mongoose.createConnection(uri).asPromise();
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
