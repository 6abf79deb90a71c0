import { CommandError } from '../errors.js';
import { type Doc, isDocument, orderKey, typeOf, valueAt } from './values.js';

/** What an expression is evaluated in: the document and the one instant of the command (`$$NOW`). */
interface Scope {
  root: Doc;
  now: Date;
}

/** A compiled aggregation expression; `undefined` means that the result is missing. */
export type Expression = (scope: Scope) => unknown;

/** Each operator takes exactly the operands that its function names. */
const OPERATORS: Record<string, (...operands: [Expression, Expression, Expression]) => Expression> = {
  $eq: (a, b) => (scope) => orderKey(a(scope)) === orderKey(b(scope)),
  $lte: (a, b) => (scope) => orderKey(a(scope)) <= orderKey(b(scope)),
  $add: (a, b) => (scope) => add(a(scope), b(scope)),
  $ifNull: (a, b) => (scope) => a(scope) ?? b(scope),
  $cond: (test, yes, no) => (scope) => (isTrue(test(scope)) ? yes : no)(scope),
};

/** Compiles an aggregation expression. Throws a CommandError naming what is not built. */
export function compileExpression(source: unknown): Expression {
  if (typeof source === 'string' && source.startsWith('$')) return compileReference(source);
  if (isDocument(source)) {
    const isOperator =
      Object.keys(source).some((name) => name.startsWith('$')) || !Object.keys(source).length;
    return isOperator ? compileOperator(source) : compileFields(source);
  }
  if (!Array.isArray(source)) return () => source;
  throw new CommandError('NotImplemented', 'an array is not supported as an expression, only in $literal');
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

/** A document of expressions; a field whose result is missing is left out. */
function compileFields(source: Doc): Expression {
  const fields = Object.entries(source).map(([name, value]) => [name, compileExpression(value)] as const);
  return (scope) =>
    Object.fromEntries(
      fields.map(([name, value]) => [name, value(scope)]).filter(([, value]) => value !== undefined),
    );
}

function compileReference(source: string): Expression {
  if (source === '$$NOW') return ({ now }) => now;
  if (source === '$$REMOVE') return () => undefined;
  if (!source.startsWith('$$')) return ({ root }) => valueAt(root, source.slice(1));
  throw new CommandError('Location17276', `Use of undefined variable: ${source.slice(2)}`);
}

function compileOperator(source: Doc): Expression {
  const [[name, operand] = ['', undefined], ...more] = Object.entries(source);
  if (name === '$literal' && !more.length) return () => operand;
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!operator || more.length) {
    throw new CommandError(
      'InvalidPipelineOperator',
      `Unrecognized expression '${Object.keys(source).join()}'`,
    );
  }
  if (!Array.isArray(operand) || operand.length !== operator.length) {
    throw new CommandError(
      'FailedToParse',
      `Expression ${name} takes an array of ${operator.length} operands`,
    );
  }
  return operator(...(operand.map(compileExpression) as Parameters<typeof operator>));
}
