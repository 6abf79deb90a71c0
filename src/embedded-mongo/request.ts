import { type Catalog } from './catalog';
import { type Cursors } from './cursors';
import { CommandError } from './errors';
import { type Doc, isDocument, typeOf } from './values';

/** One command: its fields other than the harmless ones, and what it works on. */
export interface CommandRequest {
  name: string;
  database: string;
  body: Doc;
  catalog: Catalog;
  cursors: Cursors;
  /** The one instant of the command, `$$NOW`. */
  now: Date;
}

/** Checks one option; `undefined` when it is absent. Throws TypeMismatch naming it. */
type Reader<T> = (value: unknown, name: string) => T;

/** The checked options of a command or statement. Throws UnknownField for any other: to ignore it would be wrong. */
export function readOptions<R extends Record<string, Reader<unknown>>>(
  name: string,
  source: unknown,
  readers: R,
): { [K in keyof R]: ReturnType<R[K]> } {
  const body = document(source, name);
  const unknown = Object.keys(body).find((option) => !Object.hasOwn(readers, option));
  if (unknown !== undefined) {
    const what = 'is an unknown field, or one that this server does not support';
    throw new CommandError('UnknownField', `BSON field '${name}.${unknown}' ${what}`);
  }
  const read = Object.entries(readers).map(([option, reader]) => [
    option,
    reader(body[option], `${name}.${option}`),
  ]);
  return Object.fromEntries(read) as { [K in keyof R]: ReturnType<R[K]> };
}

/** Takes whatever there is. */
export const anything: Reader<unknown> = (value) => value;

/** Takes a string that is not empty. */
export const text: Reader<string> = (value, name) => {
  return typeof value === 'string' && value ? value : mismatch(name, 'a text', value);
};

/** Takes a document, by default an empty one. */
export const document: Reader<Doc> = (value = {}, name) => {
  return isDocument(value) ? value : mismatch(name, 'a document', value);
};

/** Takes an array. */
export const list: Reader<unknown[]> = (value, name) => {
  return Array.isArray(value) ? (value as unknown[]) : mismatch(name, 'an array', value);
};

/** Takes a boolean, by default false. */
export const flag: Reader<boolean> = (value = false, name) => {
  return typeof value === 'boolean' ? value : mismatch(name, 'a boolean', value);
};

/** Takes a whole number that is not negative. */
export const count: Reader<number | undefined> = (value, name) => {
  if (value === undefined || (Number.isInteger(value) && (value as number) >= 0))
    return value as number | undefined;
  return mismatch(name, 'a whole number, not negative', value);
};

/** Takes one value only, for an option that nothing sends otherwise. */
export const only =
  (wanted: unknown): Reader<void> =>
  (value, name) => {
    if (value !== wanted) mismatch(name, `${String(wanted)}; nothing else is supported`, value);
  };

function mismatch(name: string, wanted: string, found: unknown): never {
  throw new CommandError(
    'TypeMismatch',
    `BSON field '${name}' must be ${wanted} (found type ${typeOf(found)})`,
  );
}
