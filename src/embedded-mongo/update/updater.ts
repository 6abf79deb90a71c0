import { CommandError } from '../errors';
import { isOperatorName, operatorFor, type UpdateContext, type UpdateOperator } from './update-operators';
import { valueAt, withoutPath, withValueAt } from '../bson/paths';
import { compilePipeline } from './update-pipeline';
import { type Doc, field, isDocument } from '../bson/values';

/** A compiled update: what it makes of a document. */
export interface Update {
  /** A whole new document; it may not be used for several. */
  replacement: boolean;
  apply(document: Doc, context: UpdateContext): Doc;
}

interface Step {
  path: string;
  parts: string[];
  operator: UpdateOperator;
}

/** Compiles an update: operators, a replacement or a pipeline. Throws FailedToParse, ConflictingUpdateOperators and kin. */
export function compileUpdate(source: unknown): Update {
  if (Array.isArray(source)) return { replacement: false, apply: compilePipeline(source) };
  if (!isDocument(source))
    throw new CommandError('FailedToParse', 'an update must be a document or a pipeline');
  const [first] = Object.keys(source);
  if (first?.startsWith('$')) return { replacement: false, apply: compileOperators(source) };
  const dollar = Object.keys(source).find((name) => name.startsWith('$'));
  if (dollar !== undefined) {
    const message = `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not allowed in a replacement`;
    throw new CommandError('DollarPrefixedFieldName', message);
  }
  // A replacement keeps the _id of what it replaces and its place at the front.
  const apply = (document: Doc): Doc => {
    const id = field(document, '_id');
    return id === undefined ? source : { _id: id, ...source };
  };
  return { replacement: true, apply };
}

function compileOperators(source: Doc): Update['apply'] {
  const steps = Object.entries(source).flatMap(([name, fields]) => parseOperator(name, fields));
  assertNoConflicts(steps.map(({ path }) => path));
  return (document, context) => {
    let result: unknown = document;
    for (const { parts, operator } of steps) {
      const current = valueAt(result, parts);
      const next = operator(current, context);
      if (next === current) continue;
      result = next === undefined ? withoutPath(result, parts) : withValueAt(result, parts, next);
    }
    return result as Doc;
  };
}

function parseOperator(name: string, fields: unknown): Step[] {
  if (!isOperatorName(name)) {
    const hint = 'Expected a valid update modifier or pipeline-style update specified as an array';
    throw new CommandError('FailedToParse', `Unknown modifier: ${name}. ${hint}`);
  }
  if (!isDocument(fields))
    throw new CommandError('FailedToParse', `the fields of ${name} must be a document`);
  return Object.entries(fields).map(([path, operand]) => {
    const parts = path.split('.');
    if (parts.some((part) => part === '' || part.startsWith('$'))) {
      throw new CommandError(
        'BadValue',
        `the path '${path}' is empty in part or positional, which is not supported`,
      );
    }
    return { path, parts, operator: operatorFor(name, path, operand) };
  });
}

function assertNoConflicts(paths: string[]): void {
  const sorted = [...paths].sort();
  for (const [i, path] of sorted.entries()) {
    const clash = sorted.slice(i + 1).find((other) => other === path || other.startsWith(`${path}.`));
    if (clash !== undefined) {
      const message = `Updating the path '${clash}' would create a conflict at '${path}'`;
      throw new CommandError('ConflictingUpdateOperators', message);
    }
  }
}
