import { add, subtract } from '../bson/arithmetic';
import { CommandError } from '../errors';
import { type Doc, field, isDocument, isNumber, orderKey, toNumber } from '../bson/values';

/** What an expression is evaluated in: the document and the one instant of the command (`$$NOW`). */
interface Scope {
  root: Doc;
  now: Date;
}

/** A compiled aggregation expression; `undefined` means that the result is missing. */
export type Expression = (scope: Scope) => unknown;

type Operator = (operands: Expression[]) => Expression;

const compare =
  (holds: (a: string, b: string) => boolean): Operator =>
  ([a, b]) =>
  (scope) =>
    holds(orderKey(a?.(scope)), orderKey(b?.(scope)));

/** Operators with how many operands they take: [least, most]. */
const OPERATORS: Record<string, { arity: [number, number]; build: Operator }> = {
  $eq: { arity: [2, 2], build: compare((a, b) => a === b) },
  $ne: { arity: [2, 2], build: compare((a, b) => a !== b) },
  $gt: { arity: [2, 2], build: compare((a, b) => a > b) },
  $gte: { arity: [2, 2], build: compare((a, b) => a >= b) },
  $lt: { arity: [2, 2], build: compare((a, b) => a < b) },
  $lte: { arity: [2, 2], build: compare((a, b) => a <= b) },
  $and: { arity: [0, Infinity], build: (all) => (scope) => all.every((one) => isTrue(one(scope))) },
  $or: { arity: [0, Infinity], build: (all) => (scope) => all.some((one) => isTrue(one(scope))) },
  $not: {
    arity: [1, 1],
    build:
      ([only]) =>
      (scope) =>
        !isTrue(only?.(scope)),
  },
  $add: { arity: [1, Infinity], build: (all) => (scope) => all.map((one) => one(scope)).reduce(add) },
  $subtract: {
    arity: [2, 2],
    build:
      ([a, b]) =>
      (scope) =>
        subtract(a?.(scope), b?.(scope)),
  },
  $ifNull: { arity: [2, Infinity], build: firstPresent },
  $cond: {
    arity: [3, 3],
    build:
      ([test, yes, no]) =>
      (scope) =>
        (isTrue(test?.(scope)) ? yes : no)?.(scope),
  },
};

/** Compiles an aggregation expression. Throws InvalidPipelineOperator for an operator that is not built. */
export function compileExpression(source: unknown): Expression {
  if (typeof source === 'string') return source.startsWith('$') ? compileReference(source) : () => source;
  if (Array.isArray(source)) {
    const elements = source.map(compileExpression);
    return (scope) => elements.map((element) => element(scope) ?? null);
  }
  if (!isDocument(source)) return () => source;
  const names = Object.keys(source);
  if (names.some((name) => name.startsWith('$'))) return compileOperator(source, names);
  const fields = Object.entries(source).map(([name, value]) => [name, compileExpression(value)] as const);
  return (scope) =>
    Object.fromEntries(
      fields.map(([name, value]) => [name, value(scope)]).filter(([, value]) => value !== undefined),
    );
}

/** Truth as expressions see it: all but false, null, missing and zero. */
export function isTrue(value: unknown): boolean {
  return value != null && value !== false && !(isNumber(value) && toNumber(value) === 0);
}

function compileReference(source: string): Expression {
  if (source === '$$NOW') return ({ now }) => now;
  if (source === '$$REMOVE') return () => undefined;
  if (source === '$$ROOT') return ({ root }) => root;
  if (source.startsWith('$$')) {
    throw new CommandError('Location17276', `Use of undefined variable: ${source.slice(2)}`);
  }
  const parts = source.slice(1).split('.');
  return ({ root }) => follow(root, parts);
}

/** Unlike a filter, an expression maps a path over an array and never reads positions. */
function follow(value: unknown, parts: readonly string[]): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    return value.map((element) => follow(element, parts)).filter((found) => found !== undefined);
  }
  return isDocument(value) ? follow(field(value, part), rest) : undefined;
}

function compileOperator(source: Doc, names: string[]): Expression {
  const [name = ''] = names;
  if (names.length !== 1) {
    throw new CommandError(
      'FailedToParse',
      `an expression must have exactly one operator, found: ${names.join(', ')}`,
    );
  }
  const operand = source[name];
  if (name === '$literal') return () => operand;
  const operator = OPERATORS[name];
  if (!operator) throw new CommandError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
  const operands = operandsOf(name, operand);
  const [least, most] = operator.arity;
  if (operands.length < least || operands.length > most) {
    throw new CommandError('FailedToParse', `Expression ${name} does not take ${operands.length} arguments`);
  }
  return operator.build(operands.map(compileExpression));
}

function operandsOf(name: string, operand: unknown): unknown[] {
  if (name !== '$cond' || !isDocument(operand)) return Array.isArray(operand) ? operand : [operand];
  const { if: test, then, else: otherwise, ...unknown } = operand;
  const [extra] = Object.keys(unknown);
  if (extra !== undefined)
    throw new CommandError('FailedToParse', `Unrecognized parameter to $cond: ${extra}`);
  return [test, then, otherwise].filter((part) => part !== undefined);
}

function firstPresent(all: Expression[]): Expression {
  return (scope) => {
    let value: unknown;
    for (const one of all) if ((value = one(scope)) != null) return value;
    return value;
  };
}
