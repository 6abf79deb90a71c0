import { CommandError } from '../errors';
import { valuesAt } from '../bson/paths';
import { type Doc, orderKey, toNumber } from '../bson/values';

/** One field of a sort. */
export interface SortField {
  path: string;
  parts: readonly string[];
  descending: boolean;
}

/** Checks a sort document. Throws BadValue for directions other than 1 and -1. */
export function parseSort(source: Doc): SortField[] {
  return Object.entries(source).map(([path, direction]) => {
    const order = toNumber(direction);
    if (order !== 1 && order !== -1) {
      throw new CommandError('BadValue', `the sort direction of '${path}' must be 1 or -1`);
    }
    return { path, parts: path.split('.'), descending: order === -1 };
  });
}

/** The items in the order of their documents; equal ones keep theirs. */
export function sortBy<T>(items: T[], documentOf: (item: T) => Doc, sort: SortField[]): T[] {
  if (!sort.length) return items;
  const keyed = items.map((item) => ({ item, keys: sort.map((field) => sortKey(documentOf(item), field)) }));
  keyed.sort((a, b) => {
    const at = sort.findIndex((_, i) => a.keys[i] !== b.keys[i]);
    if (at < 0) return 0;
    return (a.keys[at] as string) < (b.keys[at] as string) !== sort[at]?.descending ? -1 : 1;
  });
  return keyed.map(({ item }) => item);
}

/** An array sorts by its least element, or its greatest when descending. */
function sortKey(document: Doc, { parts, descending }: SortField): string {
  const keys = valuesAt(document, parts)
    .flatMap((value) => (Array.isArray(value) && value.length ? (value as unknown[]) : [value]))
    .map((value) => (Array.isArray(value) && !value.length ? orderKey(undefined) : orderKey(value ?? null)));
  return keys.reduce((a, b) => (a < b !== descending ? a : b), keys[0] ?? orderKey(null));
}
