import { type Filter, type Predicate } from '../query/filter.js';
import { type OrderField } from './index-spec.js';
import { END, type OrderedIndex } from './ordered-index.js';
import { directedKey, orderKey } from '../query/values.js';

/** A part of an index. */
interface Range {
  index: OrderedIndex;
  start: string;
  end: string;
}

/** How to find the candidates of a query: the ranges to read, and whether that gives the order of the query. */
export interface Plan {
  ranges: Range[];
  sorted: boolean;
  backwards: boolean;
}

/** Picks the index that fits a filter best, or else gives the order; `undefined` when no index does either. */
export function plan(indexes: OrderedIndex[], filter: Filter, sort: OrderField[]): Plan | undefined {
  const [best] = indexes
    .filter((index) => holdsAllMatches(index, filter))
    .map((index) => planWith(index, filter, sort))
    .sort((a, b) => b.score - a.score);
  // A score of one is an index that gives only the order. Reading all of it is worse than any other plan.
  if (best && best.score > 1) return best.plan;
  return planBranches(indexes, filter) ?? (best?.score ? best.plan : undefined);
}

/** The range of keys that satisfy `$gt`, `$lt` or `$lte`, in the order of the index: start included, end excluded. */
export function boundsOf(name: string, operand: unknown, descending: boolean): [string, string] {
  const key = directedKey(operand ?? null, descending);
  const [first, beyond] = [key.slice(0, 1), String.fromCharCode(key.charCodeAt(0) + 1)];
  if ((name === '$gt') !== descending) return [name === '$lte' ? key : key + END, beyond];
  return [first, name === '$lte' ? key + END : key];
}

/** An `$or` can use indexes when each of its branches can. */
function planBranches(indexes: OrderedIndex[], filter: Filter): Plan | undefined {
  for (const branches of filter.ors) {
    const plans = branches.map((branch) => plan(indexes, branch, []));
    if (plans.every((each) => each !== undefined))
      return { ranges: plans.flatMap(({ ranges }) => ranges), sorted: false, backwards: false };
  }
  return undefined;
}

/** Uses equalities on the first fields of an index, then a range on the next field, then the order if it fits. */
function planWith(index: OrderedIndex, filter: Filter, sort: OrderField[]): { score: number; plan: Plan } {
  const { fields } = index.spec;
  let prefixes = [''];
  let fixed = 0;
  for (const field of fields) {
    const points = pointsOf(field, filter.predicates);
    if (!points) break;
    prefixes = prefixes.flatMap((prefix) => points.map((point) => prefix + point));
    fixed++;
  }
  const next = fields[fixed];
  const limit = filter.predicates.find(({ path, name }) => path === next?.path && /^\$[gl]t/.test(name));
  const [low, high] = next && limit ? boundsOf(limit.name, limit.operand, next.descending) : ['', END];
  const ranges = prefixes.map((prefix) => ({ index, start: prefix + low, end: prefix + high }));
  const direction = prefixes.length === 1 ? directionOf(fields, fixed, sort) : undefined;
  return {
    score: fixed * 4 + (limit ? 2 : 0) + (direction ? 1 : 0),
    plan: { ranges, sorted: direction !== undefined, backwards: direction === 'backwards' },
  };
}

/** The keys that a field can have, when `$eq` or `$in` names them. */
function pointsOf({ path, descending }: OrderField, predicates: Predicate[]): string[] | undefined {
  const found = predicates.find((each) => each.path === path && operandsOf(each));
  const keys = found && operandsOf(found)?.map((operand) => directedKey(operand ?? null, descending));
  return keys && [...new Set(keys)];
}

function operandsOf({ name, operand }: Predicate): unknown[] | undefined {
  if (name === '$in') return operand as unknown[];
  return name === '$eq' ? [operand] : undefined;
}

/** The direction in which the rest of an index gives the order of the query. */
function directionOf(
  fields: OrderField[],
  fixed: number,
  sort: OrderField[],
): 'forwards' | 'backwards' | undefined {
  const constant = fields.slice(0, fixed).map(({ path }) => path);
  const wanted = sort.filter(({ path }) => !constant.includes(path));
  const rest = fields.slice(fixed);
  if (!sort.length || wanted.some(({ path }, i) => path !== rest[i]?.path)) return undefined;
  const against = wanted.filter(({ descending }, i) => descending !== rest[i]?.descending).length;
  if (against === 0) return 'forwards';
  return against === wanted.length ? 'backwards' : undefined;
}

/** Whether the index holds every document that matches the filter; a partial index may not. */
function holdsAllMatches({ spec }: OrderedIndex, { predicates }: Filter): boolean {
  return (
    spec.partial?.predicates.every((wanted) => predicates.some((given) => implies(given, wanted))) ?? true
  );
}

function implies(given: Predicate, wanted: Predicate): boolean {
  const operands = operandsOf(given);
  // Null also matches an absent field, which implies nothing.
  return (
    given.path === wanted.path &&
    (operands?.every((operand) => orderKey(operand) !== orderKey(null) && wanted.test(operand)) ?? false)
  );
}
