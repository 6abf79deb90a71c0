import { sum } from '../bson/arithmetic';
import { CommandError } from '../errors';
import { compileFilter } from '../query/matcher';
import { type Doc, equal, isDocument, isNumber, orderKey, toNumber, typeOf } from '../bson/values';

/** What an update knows besides the document. */
export interface UpdateContext {
  now: Date;
  /** The document is new, made by an upsert. */
  inserting: boolean;
}

/** What becomes of the value at a path; `undefined` stands for an absent field, the same value for no change. */
export type UpdateOperator = (current: unknown, context: UpdateContext) => unknown;

const OPERATORS = {
  $set:
    (_path: string, operand: unknown): UpdateOperator =>
    () =>
      operand,
  $unset: (): UpdateOperator => () => undefined,
  $setOnInsert:
    (_path: string, operand: unknown): UpdateOperator =>
    (current, { inserting }) =>
      inserting ? operand : current,
  $inc: increment,
  $min:
    (_path: string, operand: unknown): UpdateOperator =>
    (current) =>
      current === undefined || orderKey(operand) < orderKey(current) ? operand : current,
  $max:
    (_path: string, operand: unknown): UpdateOperator =>
    (current) =>
      current === undefined || orderKey(operand) > orderKey(current) ? operand : current,
  $currentDate: currentDate,
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
};

type OperatorName = keyof typeof OPERATORS;

/** Whether an update operator is one that is built. */
export function isOperatorName(name: string): name is OperatorName {
  return Object.hasOwn(OPERATORS, name);
}

/** The operator with its operand. Throws TypeMismatch or BadValue for an operand it cannot take. */
export function operatorFor(name: OperatorName, path: string, operand: unknown): UpdateOperator {
  return OPERATORS[name](path, operand);
}

function increment(path: string, operand: unknown): UpdateOperator {
  if (!isNumber(operand)) {
    throw new CommandError('TypeMismatch', `Cannot increment with non-numeric argument: the field '${path}'`);
  }
  return (current) => {
    if (current === undefined) return operand;
    if (isNumber(current)) return sum(current, operand);
    const found = `has the field '${path}' of non-numeric type ${typeOf(current)}`;
    throw new CommandError(
      'TypeMismatch',
      `Cannot apply $inc to a value of non-numeric type. The document ${found}`,
    );
  };
}

function currentDate(path: string, operand: unknown): UpdateOperator {
  const kind = isDocument(operand) ? operand.$type : operand;
  if (kind !== true && kind !== 'date') {
    throw new CommandError('BadValue', `$currentDate of '${path}' must be true or { $type: 'date' }`);
  }
  return (_current, { now }) => now;
}

function push(path: string, operand: unknown): UpdateOperator {
  const { each, slice } = modifiers('$push', operand, ['$each', '$slice']);
  return (current) => {
    const all = [...arrayAt(path, current), ...each];
    if (slice === undefined) return all;
    return slice < 0 ? all.slice(slice) : all.slice(0, slice);
  };
}

function addToSet(path: string, operand: unknown): UpdateOperator {
  const { each } = modifiers('$addToSet', operand, ['$each']);
  return (current) => {
    const all = [...arrayAt(path, current)];
    for (const value of each) if (!all.some((present) => equal(present, value))) all.push(value);
    return current !== undefined && all.length === (current as unknown[]).length ? current : all;
  };
}

/** `{ $each: [...] }` with its modifiers, or one plain value. */
function modifiers(name: string, operand: unknown, known: string[]): { each: unknown[]; slice?: number } {
  if (!isDocument(operand) || !Object.keys(operand).some((key) => key.startsWith('$')))
    return { each: [operand] };
  const unknown = Object.keys(operand).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new CommandError('BadValue', `Unrecognized clause in ${name}: ${unknown}`);
  const { $each: each, $slice: slice } = operand;
  if (!Array.isArray(each))
    throw new CommandError('TypeMismatch', `The argument to $each in ${name} must be an array`);
  if (slice !== undefined && !Number.isInteger(toNumber(slice))) {
    throw new CommandError('BadValue', `The value for $slice in ${name} must be an integer`);
  }
  return { each, slice: slice === undefined ? undefined : toNumber(slice) };
}

function pull(path: string, operand: unknown): UpdateOperator {
  const drops = pullTest(operand);
  return (current) => {
    if (current === undefined) return current;
    const kept = arrayAt(path, current).filter((element) => !drops(element));
    return kept.length === (current as unknown[]).length ? current : kept;
  };
}

/** A document without operators is a filter on the elements; anything else a condition on, or the value of, each. */
function pullTest(operand: unknown): (element: unknown) => boolean {
  const isFilter = isDocument(operand) && !Object.keys(operand)[0]?.startsWith('$');
  const { matches } = compileFilter(isFilter ? operand : { element: operand }, new Date(0));
  if (isFilter) return (element) => isDocument(element) && matches(element);
  return (element) => matches({ element } satisfies Doc);
}

function arrayAt(path: string, current: unknown): unknown[] {
  if (current === undefined) return [];
  if (Array.isArray(current)) return current;
  throw new CommandError(
    'BadValue',
    `The field '${path}' must be an array but is of type ${typeOf(current)}`,
  );
}
