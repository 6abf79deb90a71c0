import { calculateObjectSize, Int32, type Long, type Double } from 'bson';
import { sum } from '../bson/arithmetic';
import { CommandError } from '../errors';
import { compileExpression, type Expression } from '../query/expressions';
import { compileFilter } from '../query/matcher';
import { parseSort, sortBy } from '../query/sorting';
import { type Doc, isDocument, isNumber, orderKey, toNumber } from '../bson/values';
import { type Command, type CommandRequest } from './request';

type Stage = (documents: Doc[], operand: unknown, request: CommandRequest) => Doc[];

const STAGES: Record<string, Stage> = {
  $match: (documents, operand, { now }) => {
    const { matches } = compileFilter(operand, now);
    return documents.filter(matches);
  },
  $sort: (documents, operand) =>
    sortBy(documents, (document) => document, parseSort(documentOf('$sort', operand))),
  $skip: (documents, operand) => documents.slice(countOf('$skip', operand)),
  $limit: (documents, operand) => documents.slice(0, countOf('$limit', operand)),
  $group: group,
};

/** The aggregations that counting needs, and grouping into sums. */
export const aggregateCommands: Record<string, Command> = {
  aggregate: { options: ['pipeline', 'cursor'], run: aggregate },
};

function aggregate(request: CommandRequest): Doc {
  const stages = request.list('pipeline').map(parseStage);
  const batchSize = request.part('cursor', request.document('cursor'), ['batchSize']).number('batchSize');
  // The first $match, with the $sort after it, chooses an index as a find does.
  const match = stages[0]?.name === '$match' ? stages.shift() : undefined;
  const sort = stages[0]?.name === '$sort' ? stages.shift() : undefined;
  const found = request.collection.find(compileFilter(match?.operand ?? {}, request.now), {
    sort: parseSort(documentOf('$sort', sort?.operand ?? {})),
  });
  let documents = found.map(({ document }) => document);
  for (const { name, operand } of stages) documents = (STAGES[name] as Stage)(documents, operand, request);
  const results = documents.map((document) => ({ document, bytes: calculateObjectSize(document) }));
  return request.state.cursors.first(request.namespace, results, { batchSize });
}

function parseStage(stage: unknown): { name: string; operand: unknown } {
  const [[name, operand] = ['', undefined], ...more] = isDocument(stage) ? Object.entries(stage) : [];
  if (!more.length && Object.hasOwn(STAGES, name)) return { name, operand };
  throw new CommandError('Location40324', `Unrecognized pipeline stage name: '${name}'`);
}

function group(documents: Doc[], operand: unknown, { now }: CommandRequest): Doc[] {
  const { _id, ...fields } = documentOf('$group', operand);
  const id = compileExpression(_id);
  const sums = Object.entries(fields).map(([name, accumulator]) => ({
    name,
    addend: addendOf(name, accumulator),
  }));
  const groups = new Map<string, Doc>();
  for (const root of documents) {
    const value = id({ root, now }) ?? null;
    const totals = groups.get(orderKey(value)) ?? { _id: value };
    groups.set(orderKey(value), totals);
    for (const { name, addend } of sums) {
      const total = (totals[name] ?? new Int32(0)) as Int32 | Long | Double;
      const more = addend({ root, now });
      totals[name] = isNumber(more) ? sum(total, more) : total;
    }
  }
  return [...groups.values()];
}

function addendOf(name: string, accumulator: unknown): Expression {
  if (isDocument(accumulator) && Object.keys(accumulator).join() === '$sum')
    return compileExpression(accumulator.$sum);
  throw new CommandError('NotImplemented', `the accumulator of '${name}' in $group must be $sum`);
}

function documentOf(name: string, operand: unknown): Doc {
  if (isDocument(operand)) return operand;
  throw new CommandError('TypeMismatch', `the operand of ${name} must be a document`);
}

function countOf(name: string, operand: unknown): number {
  const count = toNumber(operand);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new CommandError('TypeMismatch', `the operand of ${name} must be a whole number`);
}
