import type Database from 'libsql';

/** An open SQLite file. */
export type SqliteDatabase = Database.Database;
export type SqliteStatement = Database.Statement;

/**
 * Loads the SQLite library, an optional dependency with a native module.
 * @throws Error saying what to do when it is not installed
 */
export async function loadSqlite(): Promise<(file: string) => SqliteDatabase> {
  try {
    const { default: Sqlite } = await import('libsql');
    return (file) => new Sqlite(file);
  } catch (cause) {
    const message =
      'The embedded database needs the optional package "libsql", which is not installed: ' +
      'set MONGODB_URI to use a MongoDB, or run "npm ci" without --omit=optional.';
    throw new Error(message, { cause });
  }
}
