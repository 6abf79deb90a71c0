import { CommandError } from '../errors.js';
import { type Doc, isDocument, orderKey, typeOf, valueAt } from './values.js';

/** The document that an expression reads, and the one instant of the command (`$$NOW`). */
interface Scope {
  root: Doc;
  now: Date;
  /** The variables that the surrounding `$filter`s define. */
  variables?: Doc;
}

/** A compiled aggregation expression; `undefined` means that the result is missing. */
export type Expression = (scope: Scope) => unknown;

/** Operators with as many operands as their function has parameters. */
const FIXED: Record<string, (...operands: [Expression, Expression, Expression]) => Expression> = {
  $eq: compares((order) => order === 0),
  $ne: compares((order) => order !== 0),
  $gt: compares((order) => order > 0),
  $gte: compares((order) => order >= 0),
  $lt: compares((order) => order < 0),
  $lte: compares((order) => order <= 0),
  $not: (a) => (scope) => !isTrue(a(scope)),
  $add: (a, b) => (scope) => add(a(scope), b(scope)),
  $ifNull: (a, b) => (scope) => a(scope) ?? b(scope),
  $cond: (test, yes, no) => (scope) => (isTrue(test(scope)) ? yes : no)(scope),
  $size: (a) => (scope) => sizeOf(a(scope)),
};

/** Operators with any number of operands. */
const VARIADIC: Record<string, (operands: Expression[]) => Expression> = {
  $and: (operands) => (scope) => operands.every((operand) => isTrue(operand(scope))),
  $or: (operands) => (scope) => operands.some((operand) => isTrue(operand(scope))),
  $max: (operands) => (scope) => maximum(operands.map((operand) => operand(scope))),
  $concatArrays: (operands) => (scope) => concatArrays(operands.map((operand) => operand(scope))),
};

/**
 * Compiles an aggregation expression; `variables` are the names that `$$` may refer to. Throws a CommandError that names
 * what is not supported.
 */
export function compileExpression(source: unknown, variables: readonly string[] = []): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return compileReference(source, variables);
  if (Array.isArray(source)) return compileArray(source, variables);
  if (!isDocument(source)) return () => source;
  const names = Object.keys(source);
  const isOperator = names.length === 0 || names.some((name) => name.startsWith('$'));
  return isOperator ? compileOperator(source, variables) : compileFields(source, variables);
}

/** Truth as expressions see it: all but false, null, missing and zero. */
export function isTrue(value: unknown): boolean {
  return value != null && value !== false && value !== 0;
}

/** The sum of numbers, or of a date and milliseconds; null when either is absent. Throws TypeMismatch. */
export function add(a: unknown, b: unknown): unknown {
  if (a == null || b == null) return null;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a instanceof Date && typeof b === 'number') return new Date(a.getTime() + b);
  throw new CommandError('TypeMismatch', `cannot add ${typeOf(b)} to ${typeOf(a)}`);
}

function compares(holds: (order: number) => boolean): (a: Expression, b: Expression) => Expression {
  return (a, b) => (scope) => {
    const [left, right] = [orderKey(a(scope)), orderKey(b(scope))];
    return holds(left === right ? 0 : left < right ? -1 : 1);
  };
}

/** The greatest value in MongoDB's order; null and missing ones do not count. */
function maximum(values: unknown[]): unknown {
  return values.reduce<unknown>((best, value) => {
    if (value == null) return best;
    return best === null || orderKey(value) > orderKey(best) ? value : best;
  }, null);
}

function concatArrays(values: unknown[]): unknown[] | null {
  const joined: unknown[] = [];
  for (const value of values) {
    if (value == null) return null;
    if (!Array.isArray(value)) {
      throw new CommandError('Location28664', `$concatArrays only supports arrays, not ${typeOf(value)}`);
    }
    joined.push(...(value as unknown[]));
  }
  return joined;
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  const message = `The argument to $size must be an array, but was of type: ${typeOf(value)}`;
  throw new CommandError('Location17124', message);
}

/** An array of expressions; an item whose result is missing is null. */
function compileArray(source: unknown[], variables: readonly string[]): Expression {
  const items = source.map((item) => compileExpression(item, variables));
  return (scope) => items.map((item) => item(scope) ?? null);
}

/** A document of expressions; a field whose result is missing is left out. */
function compileFields(source: Doc, variables: readonly string[]): Expression {
  const fields = Object.entries(source).map(
    ([name, value]) => [name, compileExpression(value, variables)] as const,
  );
  return (scope) => {
    const results = fields.map(([name, value]) => [name, value(scope)] as const);
    return Object.fromEntries(results.filter(([, result]) => result !== undefined));
  };
}

function compileReference(source: string, variables: readonly string[]): Expression {
  if (source === '$$NOW') return ({ now }) => now;
  if (source === '$$REMOVE') return () => undefined;
  if (!source.startsWith('$$')) return ({ root }) => valueAt(root, source.slice(1));
  const path = source.slice(2);
  const [name = ''] = path.split('.');
  if (variables.includes(name)) return (scope) => valueAt(scope.variables ?? {}, path);
  throw new CommandError('Location17276', `Use of undefined variable: ${name}`);
}

function compileOperator(source: Doc, variables: readonly string[]): Expression {
  const [[name, operand] = ['', undefined], ...more] = Object.entries(source);
  if (name === '$literal' && !more.length) return () => operand;
  if (name === '$filter' && !more.length) return compileFilterOperator(operand, variables);
  const operands = (Array.isArray(operand) ? operand : [operand]) as unknown[];
  const compiled = () => operands.map((each) => compileExpression(each, variables));
  const variadic = Object.hasOwn(VARIADIC, name) ? VARIADIC[name] : undefined;
  if (variadic && !more.length) return variadic(compiled());
  const fixed = Object.hasOwn(FIXED, name) ? FIXED[name] : undefined;
  if (!fixed || more.length) {
    const message = `Unrecognized expression '${Object.keys(source).join()}'`;
    throw new CommandError('InvalidPipelineOperator', message);
  }
  if (operands.length !== fixed.length) {
    const message = `Expression ${name} takes exactly ${fixed.length} arguments. ${operands.length} were passed in.`;
    throw new CommandError('Location16020', message);
  }
  return fixed(...(compiled() as Parameters<typeof fixed>));
}

/** `$filter`: the items of `input` for which `cond` is true; `cond` sees each as the variable `as`. */
function compileFilterOperator(operand: unknown, variables: readonly string[]): Expression {
  if (!isDocument(operand)) {
    throw new CommandError('Location28646', '$filter only supports an object as its argument');
  }
  const unknown = Object.keys(operand).find((option) => !['input', 'as', 'cond'].includes(option));
  if (unknown !== undefined) {
    throw new CommandError('Location28647', `Unrecognized parameter to $filter: ${unknown}`);
  }
  const { input: inputSource, as: name = 'this', cond: condSource } = operand;
  if (inputSource === undefined) {
    throw new CommandError('Location28648', "Missing 'input' parameter to $filter");
  }
  if (condSource === undefined) {
    throw new CommandError('Location28650', "Missing 'cond' parameter to $filter");
  }
  if (typeof name !== 'string' || !/^[a-z]\w*$/.test(name)) {
    throw new CommandError('FailedToParse', `'${String(name)}' is not a valid variable name for $filter`);
  }
  const input = compileExpression(inputSource, variables);
  const cond = compileExpression(condSource, [...variables, name]);
  return (scope): unknown => {
    const items = input(scope);
    if (items == null) return null;
    if (!Array.isArray(items)) {
      throw new CommandError('Location28651', `input to $filter must be an array not ${typeOf(items)}`);
    }
    return (items as unknown[]).filter((item) =>
      isTrue(cond({ ...scope, variables: { ...scope.variables, [name]: item } })),
    );
  };
}
