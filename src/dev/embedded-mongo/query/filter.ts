import { CommandError } from '../errors.js';
import { compileExpression, isTrue } from './expressions.js';
import { type Doc, isDocument, orderKey, typeOf, valuesAt } from './values.js';

/** One condition on one path. The planner reads `name` and `operand`. */
export interface Predicate {
  path: string;
  name: string;
  operand: unknown;
  /** Whether a value satisfies it; `undefined` stands for an absent field. */
  test: (value: unknown) => boolean;
}

/** A compiled filter: all predicates must hold, and one branch of each `$or`. */
export interface Filter {
  source: Doc;
  predicates: Predicate[];
  ors: Filter[][];
  matches: (document: Doc) => boolean;
}

const CONDITIONS: Record<string, (operand: unknown) => Predicate['test']> = {
  $eq: (operand) => keyIn([operand]),
  $in: keyIn,
  $gt: (operand) => within(operand, (key, limit) => key > limit),
  $lt: (operand) => within(operand, (key, limit) => key < limit),
  $lte: (operand) => within(operand, (key, limit) => key <= limit),
  $exists: (operand) => {
    if (typeof operand !== 'boolean') throw new CommandError('BadValue', '$exists needs a boolean');
    return (value) => (value !== undefined) === operand;
  },
};

/**
 * Compiles a filter. `now` is the value of `$$NOW`; without it, `$expr` is not allowed. Throws BadValue that names what
 * is not supported.
 */
export function compileFilter(source: unknown, now: Date | undefined): Filter {
  if (!isDocument(source)) throw new CommandError('BadValue', `a filter cannot be of type ${typeOf(source)}`);
  const predicates: Predicate[] = [];
  const ors: Filter[][] = [];
  const others: Filter['matches'][] = [];
  for (const [name, operand] of Object.entries(source)) {
    if (name === '$or') ors.push(compileBranches(operand, now));
    else if (name === '$expr') {
      if (!now) throw new CommandError('QueryFeatureNotAllowed', '$expr is not allowed in this context');
      const expression = compileExpression(operand);
      others.push((root) => isTrue(expression({ root, now })));
    } else predicates.push(...compileField(name, operand));
  }
  const matches = (document: Doc): boolean =>
    predicates.every((predicate) => holds(predicate, document)) &&
    ors.every((branches) => branches.some((branch) => branch.matches(document))) &&
    others.every((other) => other(document));
  return { source, predicates, ors, matches };
}

/** Whether the value at the path satisfies the predicate, or any of the values when the path leads into arrays. */
function holds({ path, name, operand, test }: Predicate, document: Doc): boolean {
  const values = valuesAt(document, path);
  if (!Array.isArray(values)) return test(values.single);
  if (name === '$exists') return values.length > 0 === operand;
  if (!test(undefined)) return values.some(test);
  throw new CommandError(
    'NotImplemented',
    `the path '${path}' leads into an array and is compared with null`,
  );
}

function compileBranches(operand: unknown, now: Date | undefined): Filter[] {
  if (Array.isArray(operand) && operand.length) return operand.map((branch) => compileFilter(branch, now));
  throw new CommandError('BadValue', '$or must be a nonempty array');
}

function compileField(path: string, operand: unknown): Predicate[] {
  if (path.startsWith('$')) throw new CommandError('BadValue', `unknown top level operator: ${path}`);
  const isConditions = isDocument(operand) && Object.keys(operand).some((name) => name.startsWith('$'));
  return Object.entries(isConditions ? operand : { $eq: operand }).map(([name, value]) => {
    const condition = Object.hasOwn(CONDITIONS, name) ? CONDITIONS[name] : undefined;
    if (!condition) throw new CommandError('BadValue', `unknown operator: ${name}`);
    return { path, name, operand: value, test: condition(value) };
  });
}

/** An absent field matches null. */
function keyOf(value: unknown): string {
  return orderKey(value ?? null);
}

function keyIn(operands: unknown): Predicate['test'] {
  if (!Array.isArray(operands)) throw new CommandError('BadValue', '$in needs an array');
  const keys = new Set(operands.map(keyOf));
  return (value) => keys.has(keyOf(value));
}

/** A value of another type than the limit is never within it. */
function within(operand: unknown, holds: (key: string, limit: string) => boolean): Predicate['test'] {
  const limit = keyOf(operand);
  return (value) => {
    const key = keyOf(value);
    return key.startsWith(limit.charAt(0)) && holds(key, limit);
  };
}
