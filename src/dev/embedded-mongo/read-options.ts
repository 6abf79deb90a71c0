import { CommandError } from './errors.js';
import { type Doc, isDocument, typeOf } from './query/values.js';

/** The kinds of options; a `?` marks one that may be absent. The last two are literals: no other value is supported. */
interface Kinds {
  string: string;
  object: Doc;
  array: unknown[];
  boolean: boolean;
  number: number;
  true: true;
  1: 1;
}
type Kind = keyof Kinds extends infer K extends string | number ? `${K}` : never;
type Option<K> = K extends `${infer Name extends Kind}?`
  ? Kinds[Name & keyof Kinds] | undefined
  : K extends keyof Kinds
    ? Kinds[K]
    : unknown;

/**
 * The checked options of a command or statement. Throws TypeMismatch naming one of another kind, and `unknown` for
 * one that is not listed: to ignore it would be a wrong answer.
 */
export function readOptions<K extends Record<string, Kind | `${Kind}?` | 'any'>>(
  name: string,
  source: unknown,
  kinds: K,
  unknown: 'UnknownField' | 'InvalidIndexSpecificationOption' = 'UnknownField',
): { [N in keyof K]: Option<K[N]> } {
  if (!isDocument(source)) throw mismatch(name, 'object', source);
  for (const option of Object.keys(source)) {
    if (Object.hasOwn(kinds, option)) continue;
    const what = 'is an unknown field, or one that this server does not support';
    throw new CommandError(unknown, `BSON field '${name}.${option}' ${what}`);
  }
  for (const [option, kind] of Object.entries(kinds)) {
    if (!isOfKind(source[option], kind))
      throw mismatch(`${name}.${option}`, kind.replace('?', ''), source[option]);
  }
  return source as { [N in keyof K]: Option<K[N]> };
}

function isOfKind(value: unknown, kind: string): boolean {
  if (kind === 'any' || (value === undefined && kind.endsWith('?'))) return true;
  if (typeof value === 'number' && (value < 0 || !Number.isInteger(value))) return false;
  return [typeOf(value), String(value)].includes(kind.replace('?', ''));
}

function mismatch(name: string, wanted: string, found: unknown): CommandError {
  return new CommandError('TypeMismatch', `BSON field '${name}' must be ${wanted}, not ${typeOf(found)}`);
}
