import { CommandError } from '../errors';
import { compileExpression, isTrue } from './expressions';
import { valuesAt } from '../bson/paths';
import { type ConditionName, isConditionName, testFor } from './conditions';
import { type Doc, isDocument, typeOf } from '../bson/values';

/** One condition on one path, in a form that the planner can read. */
export interface Predicate {
  path: string;
  name: ConditionName;
  operand: unknown;
  /** Whether the values found at the path satisfy it. */
  test(found: unknown[]): boolean;
}

/** A compiled filter: all predicates, one branch of every group of `ors`, and all of `others` must hold. */
export interface Filter {
  source: Doc;
  predicates: Predicate[];
  ors: Filter[][];
  others: ((document: Doc) => boolean)[];
  matches(document: Doc): boolean;
}

/** Compiles a filter; `now` is what `$$NOW` says. Throws BadValue naming whatever is not understood. */
export function compileFilter(source: unknown, now: Date): Filter {
  if (!isDocument(source))
    throw new CommandError('BadValue', `a filter must be an object, not ${typeOf(source)}`);
  const filter: Filter = { source, predicates: [], ors: [], others: [], matches: () => true };
  for (const [name, operand] of Object.entries(source)) {
    if (name.startsWith('$')) addLogical(filter, name, operand, now);
    else addField(filter, name, operand);
  }
  const steps = filter.predicates.map(({ path, test }) => ({ parts: path.split('.'), test }));
  filter.matches = (document) =>
    steps.every(({ parts, test }) => test(valuesAt(document, parts))) &&
    filter.ors.every((branches) => branches.some((branch) => branch.matches(document))) &&
    filter.others.every((holds) => holds(document));
  return filter;
}

function addLogical(filter: Filter, name: string, operand: unknown, now: Date): void {
  if (name === '$expr') {
    const expression = compileExpression(operand);
    filter.others.push((root) => isTrue(expression({ root, now })));
    return;
  }
  if (name === '$comment') return;
  if (name !== '$and' && name !== '$or' && name !== '$nor') {
    throw new CommandError('BadValue', `unknown top level operator: ${name}`);
  }
  if (!Array.isArray(operand) || operand.length === 0) {
    throw new CommandError('BadValue', `${name} must be a nonempty array`);
  }
  const branches = operand.map((branch) => compileFilter(branch, now));
  if (name === '$or') filter.ors.push(branches);
  else if (name === '$nor')
    filter.others.push((document) => !branches.some(({ matches }) => matches(document)));
  else for (const branch of branches) absorb(filter, branch);
}

function absorb(filter: Filter, branch: Filter): void {
  filter.predicates.push(...branch.predicates);
  filter.ors.push(...branch.ors);
  filter.others.push(...branch.others);
}

function addField(filter: Filter, path: string, operand: unknown): void {
  if (!isConditions(operand)) {
    filter.predicates.push(predicate(path, '$eq', operand));
    return;
  }
  for (const [name, value] of Object.entries(operand)) {
    if (name === '$not') filter.others.push(negation(path, value));
    else filter.predicates.push(predicate(path, name, value));
  }
}

/** A document of conditions (`{ $gt: 1 }`) as opposed to one to be equal to. */
function isConditions(operand: unknown): operand is Doc {
  return isDocument(operand) && (Object.keys(operand)[0]?.startsWith('$') ?? false);
}

function negation(path: string, operand: unknown): (document: Doc) => boolean {
  if (!isConditions(operand)) throw new CommandError('BadValue', '$not needs a document of operators');
  const negated = Object.entries(operand).map(([name, value]) => predicate(path, name, value));
  const parts = path.split('.');
  return (document) => {
    const found = valuesAt(document, parts);
    return !negated.every(({ test }) => test(found));
  };
}

function predicate(path: string, name: string, operand: unknown): Predicate {
  if (!isConditionName(name)) throw new CommandError('BadValue', `unknown operator: ${name}`);
  return { path, name, operand, test: testFor(name, operand) };
}
