import { CommandError } from '../errors';
import { display } from './display';
import { type Doc, field, isDocument } from './values';

const MAX_ARRAY_PADDING = 1_500_000;
const ARRAY_INDEX = /^(0|[1-9]\d*)$/;

/**
 * Everything a dotted path leads to, going through arrays element by element as filters and indexes do.
 * `undefined` stands for a document without the field.
 */
export function valuesAt(root: unknown, parts: readonly string[], at = 0, found: unknown[] = []): unknown[] {
  const part = parts[at];
  if (part === undefined) {
    found.push(root);
  } else if (Array.isArray(root)) {
    for (const element of root) if (isDocument(element)) valuesAt(element, parts, at, found);
    if (ARRAY_INDEX.test(part) && Number(part) < root.length)
      valuesAt(root[Number(part)], parts, at + 1, found);
  } else {
    const next = isDocument(root) ? field(root, part) : undefined;
    if (next === undefined) found.push(undefined);
    else valuesAt(next, parts, at + 1, found);
  }
  return found;
}

/** The one value at a path, array positions counted as names, as updates read it; `undefined` when absent. */
export function valueAt(root: unknown, parts: readonly string[]): unknown {
  let value: unknown = root;
  for (const part of parts) {
    if (Array.isArray(value)) value = ARRAY_INDEX.test(part) ? value[Number(part)] : undefined;
    else value = isDocument(value) ? field(value, part) : undefined;
  }
  return value;
}

/** A copy of `target` with `value` at the path, missing documents made on the way. Throws PathNotViable. */
export function withValueAt(target: unknown, parts: readonly string[], value: unknown): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  // A computed key makes an own property even of `__proto__`.
  if (target === undefined) return { [part]: withValueAt(undefined, rest, value) };
  if (isDocument(target)) return { ...target, [part]: withValueAt(field(target, part), rest, value) };
  if (Array.isArray(target) && ARRAY_INDEX.test(part)) {
    const index = Number(part);
    if (index > target.length + MAX_ARRAY_PADDING) throw notViable(part, target);
    const copy: unknown[] = [...target];
    while (copy.length < index) copy.push(null);
    copy[index] = withValueAt(copy[index], rest, value);
    return copy;
  }
  throw notViable(part, target);
}

/** A copy of `target` without the path; an array element becomes null. What is absent stays absent. */
export function withoutPath(target: unknown, parts: readonly string[]): unknown {
  const [part = '', ...rest] = parts;
  if (valueAt(target, [part]) === undefined) return target;
  if (Array.isArray(target)) {
    const index = Number(part);
    return target.map((element, i) =>
      i !== index ? element : rest.length ? withoutPath(element, rest) : null,
    );
  }
  const { [part]: inner, ...others } = target as Doc;
  return rest.length ? { ...(target as Doc), [part]: withoutPath(inner, rest) } : others;
}

function notViable(part: string, target: unknown): CommandError {
  return new CommandError('PathNotViable', `Cannot create field '${part}' in element ${display(target)}`);
}
