import { CommandError } from '../errors';
import { isTrue } from './expressions';
import { type Doc, isDocument, isNumber } from '../bson/values';

/** What a find or findAndModify makes of each document. */
export type Projection = (document: Doc) => Doc;

interface Tree {
  [name: string]: Tree | true;
}

/** Compiles a projection of inclusions or exclusions. Throws 31253/31254 when they are mixed, NotImplemented for expressions. */
export function compileProjection(source: Doc): Projection {
  const entries = Object.entries(source).map(([path, value]) => ({ path, include: flag(path, value) }));
  const [deciding] = entries.filter(({ path }) => path !== '_id').concat(entries);
  if (!deciding) return (document) => document;
  const tree: Tree = Object.create(null) as Tree;
  const { include } = deciding;
  if (include) tree._id = true;
  for (const entry of entries) {
    if (entry.path === '_id' && entry.include !== include) delete tree._id;
    else if (entry.include !== include) throw mixed(entry.path, include);
    else grow(tree, entry.path);
  }
  return (document) => project(document, tree, include) as Doc;
}

function flag(path: string, value: unknown): boolean {
  if (typeof value !== 'boolean' && !isNumber(value)) {
    throw new CommandError('NotImplemented', `the projection of field ${path} must be 0 or 1`);
  }
  return isTrue(value);
}

function mixed(path: string, include: boolean): CommandError {
  return include
    ? new CommandError('Location31254', `Cannot do exclusion on field ${path} in inclusion projection`)
    : new CommandError('Location31253', `Cannot do inclusion on field ${path} in exclusion projection`);
}

function grow(tree: Tree, path: string): void {
  const parts = path.split('.');
  const last = parts.pop() as string;
  if (path.includes('$')) throw new CommandError('NotImplemented', `the projection ${path} is not supported`);
  let node = tree;
  for (const part of parts) {
    const next = (node[part] ??= Object.create(null) as Tree);
    if (next === true) throw new CommandError('Location31249', `Path collision at ${path}`);
    node = next;
  }
  if (node[last] !== undefined && path !== '_id')
    throw new CommandError('Location31249', `Path collision at ${path}`);
  node[last] = true;
}

function project(value: unknown, tree: Tree, include: boolean): unknown {
  if (Array.isArray(value)) {
    const kept = include ? value.filter((element) => isDocument(element) || Array.isArray(element)) : value;
    return kept.map((element) => project(element, tree, include));
  }
  if (!isDocument(value)) return value;
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    const node = tree[name];
    if (node === undefined) return include ? [] : [[name, inner]];
    if (node === true) return include ? [[name, inner]] : [];
    if (include && !isDocument(inner) && !Array.isArray(inner)) return [];
    return [[name, project(inner, node, include)]];
  });
  return Object.fromEntries(entries);
}
