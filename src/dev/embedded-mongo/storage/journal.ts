import { type SqliteDatabase, type SqliteStatement } from './sqlite.js';

/** A collection on the disk: index definitions and documents, as BSON. */
interface StoredCollection {
  indexes: Buffer[];
  documents: Buffer[];
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS indexes (namespace TEXT, name TEXT, spec BLOB, PRIMARY KEY (namespace, name));
  CREATE TABLE IF NOT EXISTS documents (namespace TEXT, id BLOB, bson BLOB, PRIMARY KEY (namespace, id));
`;
const PUT = 'INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bson = excluded.bson';
const REMOVE = 'DELETE FROM documents WHERE namespace = ? AND id = ?';

/** Collects changes and writes them to an SQLite file together, in order, at `commit`. */
export class Journal {
  readonly #database: SqliteDatabase;
  readonly #statements = new Map<string, SqliteStatement>();
  #waiting: { sql: string; values: unknown[] }[] = [];

  /** Takes over an open database that only this process has open. Throws SqliteError. */
  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#database.exec(SCHEMA);
  }

  /** Whether changes wait for a commit. */
  get dirty(): boolean {
    return this.#waiting.length > 0;
  }

  /** Everything that is durable, by namespace. */
  load(): Map<string, StoredCollection> {
    const stored = new Map<string, StoredCollection>();
    const gather = (part: keyof StoredCollection, sql: string): void => {
      for (const [namespace, bson] of this.#database.prepare(sql).raw().all() as [string, Buffer][]) {
        const collection = stored.get(namespace) ?? { indexes: [], documents: [] };
        stored.set(namespace, collection);
        collection[part].push(bson);
      }
    };
    gather('indexes', 'SELECT namespace, spec FROM indexes ORDER BY rowid');
    gather('documents', 'SELECT namespace, bson FROM documents ORDER BY rowid');
    return stored;
  }

  put(namespace: string, id: Buffer, bson: Buffer): void {
    this.#waiting.push({ sql: PUT, values: [namespace, id, bson] });
  }

  remove(namespace: string, id: Buffer): void {
    this.#waiting.push({ sql: REMOVE, values: [namespace, id] });
  }

  putIndex(namespace: string, name: string, spec: Buffer): void {
    this.#waiting.push({ sql: 'INSERT INTO indexes VALUES (?, ?, ?)', values: [namespace, name, spec] });
  }

  removeIndex(namespace: string, name: string): void {
    this.#waiting.push({
      sql: 'DELETE FROM indexes WHERE namespace = ? AND name = ?',
      values: [namespace, name],
    });
  }

  removeCollection(namespace: string): void {
    for (const table of ['documents', 'indexes'])
      this.#waiting.push({ sql: `DELETE FROM ${table} WHERE namespace = ?`, values: [namespace] });
  }

  /** Makes all waiting changes durable, or throws and drops them: all or nothing. */
  commit(): void {
    const changes = this.#waiting;
    this.#waiting = [];
    try {
      this.#database.exec('BEGIN');
      for (const { sql, values } of changes) this.#prepared(sql).run(...values);
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  #prepared(sql: string): SqliteStatement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
