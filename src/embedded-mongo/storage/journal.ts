import Database from 'libsql';

/** A collection as it lies on the disk: index definitions and documents, as BSON. */
interface StoredCollection {
  indexes: Buffer[];
  documents: Buffer[];
}

/** Where changes go. They are gathered and reach the disk together, in order, at `commit`. */
export interface Journal {
  load(): Map<string, StoredCollection>;
  put(namespace: string, id: Buffer, bson: Buffer): void;
  remove(namespace: string, id: Buffer): void;
  putCollection(namespace: string): void;
  removeCollection(namespace: string): void;
  putIndex(namespace: string, name: string, spec: Buffer): void;
  removeIndex(namespace: string, name: string): void;
  /** Whether something waits for a commit. */
  readonly dirty: boolean;
  /** Makes everything gathered durable, or throws and forgets it: all or nothing. */
  commit(): void;
  close(): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS collections (namespace TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS indexes (namespace TEXT, name TEXT, spec BLOB, PRIMARY KEY (namespace, name));
  CREATE TABLE IF NOT EXISTS documents (namespace TEXT, id BLOB, bson BLOB, PRIMARY KEY (namespace, id));
`;

/** Opens the journal kept in an SQLite file, which nobody else may have open. Throws SqliteError. */
export function openJournal(file: string): Journal {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec(SCHEMA);
  return new SqliteJournal(database);
}

/** A journal that keeps nothing: the data lives as long as the server. */
export function volatileJournal(): Journal {
  const nothing = (): void => undefined;
  return {
    load: () => new Map<string, StoredCollection>(),
    put: nothing,
    remove: nothing,
    putCollection: nothing,
    removeCollection: nothing,
    putIndex: nothing,
    removeIndex: nothing,
    dirty: false,
    commit: nothing,
    close: nothing,
  };
}

class SqliteJournal implements Journal {
  private readonly statements = new Map<string, Database.Statement>();
  private waiting: { sql: string; values: unknown[] }[] = [];

  constructor(private readonly database: Database.Database) {}

  get dirty(): boolean {
    return this.waiting.length > 0;
  }

  load(): Map<string, StoredCollection> {
    const stored = new Map<string, StoredCollection>();
    for (const [namespace] of this.rows('SELECT namespace FROM collections')) {
      stored.set(namespace as string, { indexes: [], documents: [] });
    }
    for (const [namespace, spec] of this.rows('SELECT namespace, spec FROM indexes ORDER BY rowid')) {
      stored.get(namespace as string)?.indexes.push(spec as Buffer);
    }
    for (const [namespace, bson] of this.rows('SELECT namespace, bson FROM documents ORDER BY rowid')) {
      stored.get(namespace as string)?.documents.push(bson as Buffer);
    }
    return stored;
  }

  put(namespace: string, id: Buffer, bson: Buffer): void {
    this.later(
      'INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bson = excluded.bson',
      namespace,
      id,
      bson,
    );
  }

  remove(namespace: string, id: Buffer): void {
    this.later('DELETE FROM documents WHERE namespace = ? AND id = ?', namespace, id);
  }

  putCollection(namespace: string): void {
    this.later('INSERT INTO collections VALUES (?)', namespace);
  }

  removeCollection(namespace: string): void {
    for (const table of ['documents', 'indexes', 'collections']) {
      this.later(`DELETE FROM ${table} WHERE namespace = ?`, namespace);
    }
  }

  putIndex(namespace: string, name: string, spec: Buffer): void {
    this.later('INSERT INTO indexes VALUES (?, ?, ?)', namespace, name, spec);
  }

  removeIndex(namespace: string, name: string): void {
    this.later('DELETE FROM indexes WHERE namespace = ? AND name = ?', namespace, name);
  }

  commit(): void {
    const changes = this.waiting;
    this.waiting = [];
    try {
      this.database.exec('BEGIN');
      for (const { sql, values } of changes) this.prepared(sql).run(...values);
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.database.close();
  }

  private later(sql: string, ...values: unknown[]): void {
    this.waiting.push({ sql, values });
  }

  private rows(sql: string): unknown[][] {
    return this.database.prepare(sql).raw().all() as unknown[][];
  }

  private prepared(sql: string): Database.Statement {
    const statement = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}
