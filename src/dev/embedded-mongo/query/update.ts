import { CommandError } from '../errors.js';
import { compilePull, compilePush } from './array-update.js';
import { add, compileExpression } from './expressions.js';
import { type Doc, isDocument, typeOf, valueAt, withValueAt } from './values.js';

/** What an update may depend on besides the document. */
export interface UpdateContext {
  now: Date;
  /** Whether an upsert is making the document. */
  inserting: boolean;
}

/** A compiled update: returns the changed document. */
export type Update = (document: Doc, context: UpdateContext) => Doc;

/** Returns the new value of a field; `undefined` stands for an absent field. */
type Change = (current: unknown, context: UpdateContext) => unknown;

const OPERATORS: Record<string, (operand: unknown, path: string) => Change> = {
  $set: (operand) => () => operand,
  $unset: () => () => undefined,
  $setOnInsert:
    (operand) =>
    (current, { inserting }) =>
      inserting ? operand : current,
  $inc: (operand) => (current) => {
    if (typeof operand !== 'number' || (current !== undefined && typeof current !== 'number')) {
      const message = `Cannot apply $inc of type ${typeOf(operand)} to a value of type ${typeOf(current)}`;
      throw new CommandError('TypeMismatch', message);
    }
    return add(current ?? 0, operand);
  },
  $push: compilePush,
  $pull: compilePull,
};

/** Compiles an update of operators or a pipeline. Throws a CommandError that names what is not supported. */
export function compileUpdate(source: unknown): Update {
  if (Array.isArray(source)) {
    const stages = source.map(compileStage);
    return (document, context) => stages.reduce((result, stage) => stage(result, context), document);
  }
  if (!isDocument(source))
    throw new CommandError('FailedToParse', 'an update must be a document or a pipeline');
  const steps = Object.entries(source).flatMap(([name, fields]) => compileOperator(name, fields));
  assertNoConflicts(steps.map(({ path }) => path));
  return (document, context) =>
    steps.reduce((result, { path, change }) => {
      return write(result, path, change(valueAt(result, path), context));
    }, document);
}

function compileOperator(name: string, fields: unknown): { path: string; change: Change }[] {
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!operator || !isDocument(fields)) {
    throw new CommandError('FailedToParse', `Unknown modifier: ${name}. Replacements are not supported`);
  }
  return Object.entries(fields).map(([path, operand]) => ({
    path: checked(path),
    change: operator(operand, path),
  }));
}

function compileStage(source: unknown): Update {
  const [[name, operand] = ['', undefined], ...more] = isDocument(source) ? Object.entries(source) : [];
  if (name === '$set' && isDocument(operand) && !more.length) return assignment(operand);
  if (name === '$unset' && Array.isArray(operand) && !more.length) {
    const paths = operand.map((path) => checked(String(path)));
    return (document) => paths.reduce((result, path) => write(result, path, undefined), document);
  }
  throw new CommandError('Location40324', `Unrecognized pipeline stage, or one not allowed here: '${name}'`);
}

/** All expressions of a stage read the document as it was before the stage. */
function assignment(operand: Doc): Update {
  const targets = flatten(operand, '').map(([path, value]) => {
    return { path: checked(path), expression: compileExpression(value) };
  });
  assertNoConflicts(targets.map(({ path }) => path));
  return (root, { now }) =>
    targets.reduce((result, { path, expression }) => write(result, path, expression({ root, now })), root);
}

/** In a pipeline, a document in $set sets the fields that it names and keeps the others. */
function flatten(operand: Doc, above: string): [string, unknown][] {
  return Object.entries(operand).flatMap(([name, value]): [string, unknown][] => {
    const names = isDocument(value) ? Object.keys(value) : [];
    const isNested = names.length > 0 && !names.some((inner) => inner.startsWith('$'));
    return isNested ? flatten(value as Doc, `${above}${name}.`) : [[above + name, value]];
  });
}

function write(document: Doc, path: string, value: unknown): Doc {
  return valueAt(document, path) === value ? document : withValueAt(document, path, value);
}

function checked(path: string): string {
  if (!path.split('.').some((part) => part === '' || part.startsWith('$'))) return path;
  throw new CommandError(
    'BadValue',
    `the path '${path}' is empty in part or positional, which is not supported`,
  );
}

function assertNoConflicts(paths: string[]): void {
  for (const [i, path] of paths.entries()) {
    const clash = paths.find((other, j) => i !== j && `${other}.`.startsWith(`${path}.`));
    if (clash === undefined) continue;
    const message = `Updating the path '${clash}' would create a conflict at '${path}'`;
    throw new CommandError('ConflictingUpdateOperators', message);
  }
}
