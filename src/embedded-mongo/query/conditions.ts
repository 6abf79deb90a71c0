import { Double } from 'bson';
import { CommandError } from '../errors';
import { isTrue } from './expressions';
import { isNumber, orderKey, typeBracket, typeOf } from '../bson/values';

type Test = (found: unknown[]) => boolean;

const NULL = orderKey(null);
const NAN = orderKey(new Double(NaN));
const TYPES = [
  'double',
  'string',
  'object',
  'array',
  'binData',
  'objectId',
  'bool',
  'date',
  'null',
  'regex',
].concat(['int', 'timestamp', 'long', 'decimal', 'minKey', 'maxKey']);

const CONDITIONS = {
  $eq: (operand: unknown): Test => anyKeyIn([operand]),
  $ne: (operand: unknown): Test => not(anyKeyIn([operand])),
  $in: (operand: unknown): Test => anyKeyIn(list('$in', operand)),
  $nin: (operand: unknown): Test => not(anyKeyIn(list('$nin', operand))),
  $gt: (operand: unknown): Test => within(operand, (key, limit) => key > limit),
  $gte: (operand: unknown): Test => within(operand, (key, limit) => key >= limit),
  $lt: (operand: unknown): Test => within(operand, (key, limit) => key < limit),
  $lte: (operand: unknown): Test => within(operand, (key, limit) => key <= limit),
  $exists: (operand: unknown): Test => {
    const wanted = isTrue(operand);
    return (found) => found.some((value) => value !== undefined) === wanted;
  },
  $type: ofType,
};

/** The conditions that a filter may set on a field. */
export type ConditionName = keyof typeof CONDITIONS;

/** Whether an operator of a filter is one that is built. */
export function isConditionName(name: string): name is ConditionName {
  return Object.hasOwn(CONDITIONS, name);
}

/** The test of a condition over the values found at its path. Throws BadValue for an operand it cannot take. */
export function testFor(name: ConditionName, operand: unknown): Test {
  return CONDITIONS[name](operand);
}

/** An array matches by itself and by each of its elements. */
function candidates(found: unknown[]): unknown[] {
  return found.flatMap((value) => (Array.isArray(value) ? [...(value as unknown[]), value] : [value]));
}

/** A field that is not there matches null. */
function keyOf(value: unknown): string {
  return value === undefined ? NULL : orderKey(value);
}

function anyKeyIn(operands: unknown[]): Test {
  if (operands.some((operand) => typeOf(operand) === 'regex')) {
    throw new CommandError('BadValue', 'regular expressions are not supported');
  }
  const keys = new Set(operands.map(keyOf));
  return (found) => candidates(found).some((value) => keys.has(keyOf(value)));
}

function within(operand: unknown, holds: (key: string, limit: string) => boolean): Test {
  if (['regex', 'minKey', 'maxKey', 'missing'].includes(typeOf(operand))) {
    throw new CommandError('BadValue', `cannot compare with a value of type ${typeOf(operand)}`);
  }
  const limit = orderKey(operand);
  const [low, high] = typeBracket(limit);
  return (found) =>
    candidates(found).some((value) => {
      const key = keyOf(value);
      return key >= low && key < high && (key !== NAN || limit === NAN) && holds(key, limit);
    });
}

function not(test: Test): Test {
  return (found) => !test(found);
}

function list(name: string, operand: unknown): unknown[] {
  if (!Array.isArray(operand)) throw new CommandError('BadValue', `${name} needs an array`);
  return operand;
}

function ofType(operand: unknown): Test {
  const wanted = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  for (const type of wanted) {
    if (type !== 'number' && !TYPES.includes(type as string)) {
      throw new CommandError('BadValue', `Unknown type name alias: ${String(type)}`);
    }
  }
  return (found) =>
    candidates(found).some(
      (value) => wanted.includes(typeOf(value)) || (wanted.includes('number') && isNumber(value)),
    );
}
