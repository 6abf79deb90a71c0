import { type Catalog } from '../storage/catalog';
import { type Collection } from '../storage/collection';
import { type Cursors } from '../server/cursors';
import { CommandError } from '../errors';
import { type Doc, field, isDocument, isNumber, toNumber, typeOf } from '../bson/values';

/** What commands work on. */
export interface ServerState {
  catalog: Catalog;
  cursors: Cursors;
}

/** One command with typed access to its options; every reader throws TypeMismatch naming the option. */
export class CommandRequest {
  constructor(
    readonly name: string,
    readonly body: Doc,
    readonly state: ServerState,
    /** The one instant of the command: `$$NOW`, $currentDate, and the dates of its reply. */
    readonly now = new Date(),
  ) {}

  get database(): string {
    const database = this.body.$db;
    if (typeof database === 'string' && /^[^.$/\\ "\0]+$/.test(database)) return database;
    if (database !== undefined)
      throw new CommandError('InvalidNamespace', `Invalid database name: ${String(database)}`);
    throw new CommandError('Location40414', `BSON field '${this.name}.$db' is missing but a required field`);
  }

  /** `database.collection`, the collection named by the command's first field. */
  get namespace(): string {
    return this.namespaceOf(this.body[this.name]);
  }

  /** The collection, for reading; missing ones are empty. */
  get collection(): Collection {
    return this.state.catalog.read(this.namespace);
  }

  namespaceOf(collection: unknown): string {
    if (typeof collection === 'string' && collection !== '') return `${this.database}.${collection}`;
    throw new CommandError(
      'InvalidNamespace',
      `Invalid namespace specified '${this.database}.${String(collection)}'`,
    );
  }

  has(option: string): boolean {
    return field(this.body, option) !== undefined;
  }

  document(option: string): Doc {
    const value = field(this.body, option) ?? {};
    return isDocument(value) ? value : this.mismatch(option, 'a document', value);
  }

  number(option: string): number | undefined {
    const value = field(this.body, option);
    if (value === undefined) return undefined;
    const number = toNumber(value);
    return isNumber(value) && number >= 0 ? number : this.mismatch(option, 'a number, not negative', value);
  }

  flag(option: string, otherwise = false): boolean {
    const value = field(this.body, option) ?? otherwise;
    return typeof value === 'boolean' ? value : this.mismatch(option, 'a boolean', value);
  }

  list(option: string): unknown[] {
    const value = field(this.body, option);
    return Array.isArray(value) ? (value as unknown[]) : this.mismatch(option, 'an array', value);
  }

  /** A sub-command, such as one statement of an update, with the same instant and state. */
  part(option: string, value: unknown, known: readonly string[]): CommandRequest {
    const body = isDocument(value) ? value : this.mismatch(option, 'a document', value);
    const part = new CommandRequest(`${this.name}.${option}`, body, this.state, this.now);
    part.refuseUnknown(known);
    return part;
  }

  /** Throws UnknownField for a field that is not listed: an option ignored would be a wrong answer. */
  refuseUnknown(known: readonly string[]): void {
    const unknown = Object.keys(this.body).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const message = `BSON field '${this.name}.${unknown}' is an unknown field, or one that this server does not support`;
    throw new CommandError('UnknownField', message);
  }

  private mismatch(option: string, wanted: string, found: unknown): never {
    const message = `BSON field '${this.name}.${option}' must be ${wanted}, but is of type ${typeOf(found)}`;
    throw new CommandError('TypeMismatch', message);
  }
}

/** A command: the options it understands, and what it does. */
export interface Command {
  /** `undefined`: any option is accepted. */
  options: readonly string[] | undefined;
  run(request: CommandRequest): Doc;
}
