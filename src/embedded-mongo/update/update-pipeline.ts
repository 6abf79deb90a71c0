import { CommandError } from '../errors';
import { compileExpression, type Expression } from '../query/expressions';
import { valueAt, withoutPath, withValueAt } from '../bson/paths';
import { type UpdateContext } from './update-operators';
import { type Doc, field, isDocument } from '../bson/values';

type Stage = (document: Doc, now: Date) => Doc;

/** Compiles a pipeline of $set, $addFields and $unset. Throws Location40324 for any other stage. */
export function compilePipeline(source: unknown[]): (document: Doc, context: UpdateContext) => Doc {
  const stages = source.map(compileStage);
  return (document, { now }) => stages.reduce((result, stage) => stage(result, now), document);
}

function compileStage(source: unknown): Stage {
  const [[name, operand] = ['', undefined], ...more] = isDocument(source) ? Object.entries(source) : [];
  if (more.length) throw new CommandError('FailedToParse', 'A pipeline stage must have exactly one field');
  if ((name === '$set' || name === '$addFields') && isDocument(operand)) return assignment(operand);
  if (name === '$unset') return removal(operand);
  throw new CommandError(
    'Location40324',
    `Unrecognized pipeline stage name, or one not allowed here: '${name}'`,
  );
}

function removal(operand: unknown): Stage {
  const paths = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map(String);
  return (document) =>
    paths.reduce((result, path) => {
      const parts = path.split('.');
      refuseArrays(result, parts);
      return withoutPath(result, parts) as Doc;
    }, document);
}

/** All expressions of a stage read the document as it was before the stage. */
function assignment(operand: Doc): Stage {
  const targets = flatten(operand, []);
  return (root, now) => {
    let result = root;
    for (const { parts, expression } of targets) {
      const value = expression({ root, now });
      refuseArrays(result, parts);
      result = value === undefined ? (withoutPath(result, parts) as Doc) : assign(result, parts, value);
    }
    return result;
  };
}

/** A nested document of a $set names paths; it does not replace the field. */
function flatten(operand: Doc, above: string[]): { parts: string[]; expression: Expression }[] {
  return Object.entries(operand).flatMap(([name, value]) => {
    const parts = [...above, ...name.split('.')];
    const names = isDocument(value) ? Object.keys(value) : [];
    if (names.length && !names[0]?.startsWith('$')) return flatten(value as Doc, parts);
    return [{ parts, expression: compileExpression(value) }];
  });
}

/** Sets a path as expressions do: what is no document on the way gives way to one. */
function assign(document: Doc, parts: string[], value: unknown): Doc {
  const [part = '', ...rest] = parts;
  if (!rest.length) return withValueAt(document, parts, value) as Doc;
  const inner = field(document, part);
  return { ...document, [part]: assign(isDocument(inner) ? inner : {}, rest, value) };
}

function refuseArrays(document: Doc, parts: string[]): void {
  const inArray = parts.some((_, i) => i > 0 && Array.isArray(valueAt(document, parts.slice(0, i))));
  if (!inArray) return;
  throw new CommandError(
    'NotImplemented',
    `a stage that changes '${parts.join('.')}' inside an array is not supported`,
  );
}
