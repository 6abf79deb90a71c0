import { directedKey, END, type OrderedIndex } from './ordered-index';
import { type Filter, type Predicate } from '../query/matcher';
import { type IndexField } from './index-spec';
import { type SortField } from '../query/sorting';
import { equal, typeBracket } from '../bson/values';

/** A part of an index that holds every document a filter can match. */
interface Range {
  index: OrderedIndex;
  start: string;
  end: string;
}

/** How to find the candidates of a query: ranges to read; `sorted` when they come in the order asked for. */
export interface Plan {
  ranges: Range[];
  sorted: boolean;
  backwards: boolean;
}

const BOUNDS = ['$gt', '$gte', '$lt', '$lte'];

/** Picks the index that serves most of a filter, or the order alone; `undefined` when none serves either. */
export function plan(indexes: OrderedIndex[], filter: Filter, sort: SortField[]): Plan | undefined {
  let best: { score: number; plan: Plan } | undefined;
  for (const index of indexes.filter((candidate) => holdsAllMatches(candidate, filter))) {
    const candidate = planWith(index, filter, sort);
    if (candidate.score > (best?.score ?? 0)) best = candidate;
  }
  // A score of one is an index that gives the order only: reading all of it is worse than any selection.
  if (best && best.score > 1) return best.plan;
  return planBranches(indexes, filter) ?? best?.plan;
}

/** A group of alternatives is served when an index serves each of them. */
function planBranches(indexes: OrderedIndex[], filter: Filter): Plan | undefined {
  for (const branches of filter.ors) {
    const plans = branches.map((branch) => plan(indexes, branch, []));
    if (plans.every((each) => each !== undefined)) {
      return { ranges: plans.flatMap(({ ranges }) => ranges), sorted: false, backwards: false };
    }
  }
  return undefined;
}

/** Reads equalities along the fields of an index, then at most one range, then sees whether the order fits. */
function planWith(index: OrderedIndex, filter: Filter, sort: SortField[]): { score: number; plan: Plan } {
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
  const bounds = next && boundsOf(next, filter.predicates, index.multikey);
  const [low, high] = bounds ?? ['', END];
  const ranges = prefixes.map((prefix) => ({ index, start: prefix + low, end: prefix + high }));
  const order = prefixes.length === 1 && !index.multikey ? orderAfter(fields, fixed, sort) : undefined;
  const whole = index.spec.unique && fixed === fields.length ? 2 : 0;
  return {
    score: fixed * 4 + (bounds ? 2 : 0) + whole + (order ? 1 : 0),
    plan: { ranges, sorted: order !== undefined, backwards: order === 'backwards' },
  };
}

/** The keys a field must have, when equality or $in says so; arrays are not indexed as wholes. */
function pointsOf({ path, descending }: IndexField, predicates: Predicate[]): string[] | undefined {
  const found = predicates.find((each) => each.path === path && (each.name === '$eq' || each.name === '$in'));
  if (!found) return undefined;
  const operands = found.name === '$eq' ? [found.operand] : (found.operand as unknown[]);
  if (operands.some(Array.isArray)) return undefined;
  return [...new Set(operands.map((operand) => directedKey(operand ?? null, descending)))];
}

function boundsOf(
  { path, descending }: IndexField,
  all: Predicate[],
  multikey: boolean,
): [string, string] | undefined {
  const limits = all.filter(
    (each) => each.path === path && BOUNDS.includes(each.name) && !Array.isArray(each.operand),
  );
  if (!limits.length) return undefined;
  // Different elements of an array may meet different limits, so only one of them narrows the search.
  const pairs = limits.slice(0, multikey ? 1 : limits.length).map((limit) => boundsFor(limit, descending));
  const low = pairs.map(([lower]) => lower).reduce((a, b) => (a > b ? a : b));
  const high = pairs.map(([, upper]) => upper).reduce((a, b) => (a < b ? a : b));
  return [low, high];
}

/** The first key within a limit and the first one beyond it, in the order of the index. */
function boundsFor({ name, operand }: Predicate, descending: boolean): [string, string] {
  const key = directedKey(operand, descending);
  const [first, beyond] = typeBracket(key);
  const inclusive = name.endsWith('e');
  if (name.startsWith('$gt') !== descending) return [inclusive ? key : key + END, beyond];
  return [first, inclusive ? key + END : key];
}

/** Which way to read an index, past its fixed fields, to get the order asked for. */
function orderAfter(
  fields: IndexField[],
  fixed: number,
  sort: SortField[],
): 'forwards' | 'backwards' | undefined {
  const constant = fields.slice(0, fixed).map(({ path }) => path);
  const wanted = sort.filter(({ path }) => !constant.includes(path));
  const rest = fields.slice(fixed);
  if (!sort.length || wanted.some(({ path }, i) => path !== rest[i]?.path)) return undefined;
  const against = wanted.filter(({ descending }, i) => descending !== rest[i]?.descending).length;
  if (against === 0) return 'forwards';
  return against === wanted.length ? 'backwards' : undefined;
}

/** Whether every document that matches the filter stands in the index, sparse or partial though it be. */
function holdsAllMatches({ spec }: OrderedIndex, { predicates }: Filter): boolean {
  if (spec.sparse) {
    const indexed = predicates.filter(({ path }) => spec.fields.some((field) => field.path === path));
    if (!indexed.some(excludesMissing)) return false;
  }
  return (
    spec.partial?.predicates.every((wanted) => predicates.some((given) => implies(given, wanted))) ?? true
  );
}

function implies(given: Predicate, wanted: Predicate): boolean {
  if (given.path !== wanted.path) return false;
  if (given.name === wanted.name && equal(given.operand, wanted.operand)) return true;
  if (wanted.name === '$exists') return wanted.test([null]) && excludesMissing(given);
  if (given.name !== '$eq' && given.name !== '$in') return false;
  const operands = given.name === '$eq' ? [given.operand] : (given.operand as unknown[]);
  return operands.every((operand) => operand != null && !Array.isArray(operand) && wanted.test([operand]));
}

function excludesMissing(predicate: Predicate): boolean {
  return !predicate.test([undefined]);
}
