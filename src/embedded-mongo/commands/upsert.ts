import { type Collection } from '../storage/collection';
import { CommandError } from '../errors';
import { type Filter } from '../query/matcher';
import { type DocumentRecord } from '../storage/ordered-index';
import { valueAt, withValueAt } from '../bson/paths';
import { type Update } from '../update/updater';
import { type Doc } from '../bson/values';

/**
 * Inserts what an upsert makes when nothing matched: the equalities of the filter, then the update.
 * Throws NotSingleValueField when the filter names a field twice, and what insert throws.
 */
export function upsert(collection: Collection, filter: Filter, update: Update, now: Date): DocumentRecord {
  const equalities = update.replacement ? onlyId(equalitiesOf(filter)) : equalitiesOf(filter);
  return collection.insert(update.apply(equalities, { now, inserting: true }));
}

function equalitiesOf({ predicates, ors }: Filter): Doc {
  const single = ors.flatMap((branches) => (branches.length === 1 ? branches : []));
  const all = [...predicates, ...single.flatMap((branch) => branch.predicates)];
  let document: Doc = {};
  for (const { path, operand } of all.filter(({ name }) => name === '$eq')) {
    const parts = path.split('.');
    if (valueAt(document, parts) !== undefined) {
      throw new CommandError(
        'NotSingleValueField',
        `cannot infer query fields to set, path '${path}' is matched twice`,
      );
    }
    document = withValueAt(document, parts, operand) as Doc;
  }
  return document;
}

function onlyId({ _id }: Doc): Doc {
  return _id === undefined ? {} : { _id };
}
