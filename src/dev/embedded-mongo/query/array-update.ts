import { CommandError } from '../errors.js';
import { compileFilter } from './filter.js';
import { isDocument, typeOf } from './values.js';

/** Returns the new value of a field; `undefined` stands for an absent field. */
type ArrayUpdate = (current: unknown) => unknown;

/** `$push`: adds one value, or those of `$each`, at the end of an array. An absent field becomes an array. */
export function compilePush(operand: unknown, path: string): ArrayUpdate {
  const values = valuesToPush(operand);
  return (current: unknown = []): unknown => {
    if (Array.isArray(current)) return values.length > 0 ? [...(current as unknown[]), ...values] : current;
    const message = `The field '${path}' must be an array but is of type ${typeOf(current)}`;
    throw new CommandError('BadValue', message);
  };
}

/** `$pull`: removes the items that are equal to a value, meet operators, or are documents that match a filter. */
export function compilePull(operand: unknown): ArrayUpdate {
  const isPulled = compileCondition(operand);
  return (current): unknown => {
    if (current === undefined) return undefined;
    if (!Array.isArray(current)) {
      throw new CommandError('BadValue', 'Cannot apply $pull to a non-array value');
    }
    const kept = (current as unknown[]).filter((item) => !isPulled(item));
    return kept.length === current.length ? current : kept;
  };
}

function valuesToPush(operand: unknown): unknown[] {
  const names = isDocument(operand) ? Object.keys(operand) : [];
  if (!isDocument(operand) || !names.some((name) => name.startsWith('$'))) return [operand];
  const unknown = names.find((name) => name !== '$each');
  if (unknown !== undefined) {
    throw new CommandError('BadValue', `Unrecognized clause in $push: ${unknown}`);
  }
  const { $each: values } = operand;
  if (Array.isArray(values)) return values;
  const message = `The argument to $each in $push must be an array but it was of type: ${typeOf(values)}`;
  throw new CommandError('BadValue', message);
}

function compileCondition(operand: unknown): (item: unknown) => boolean {
  const [first = ''] = isDocument(operand) ? Object.keys(operand) : [];
  if (isDocument(operand) && (!first.startsWith('$') || first === '$or')) {
    const filter = compileFilter(operand, undefined);
    return (item) => isDocument(item) && filter.matches(item);
  }
  const filter = compileFilter({ item: operand }, undefined);
  return (item) => filter.matches({ item });
}
