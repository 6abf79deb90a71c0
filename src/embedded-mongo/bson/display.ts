import { type Binary, type Double, type ObjectId } from 'bson';
import { type Doc, typeOf } from './values';

/** A value as MongoDB's error messages print it: `{ email: "a", n: 1.0 }`. */
export function display(value: unknown): string {
  switch (typeOf(value)) {
    case 'missing':
      return 'null';
    case 'string':
      return `"${value as string}"`;
    case 'objectId':
      return `ObjectId('${(value as ObjectId).toHexString()}')`;
    case 'date':
      return `new Date(${(value as Date).getTime()})`;
    case 'binData':
      return `BinData(${(value as Binary).sub_type}, ${(value as Binary).toString('hex').toUpperCase()})`;
    case 'double': {
      const text = String((value as Double).value);
      return /^-?\d+$/.test(text) ? `${text}.0` : text;
    }
    case 'array':
      return `[ ${(value as unknown[]).map(display).join(', ')} ]`;
    case 'object':
      return displayFields(Object.entries(value as Doc));
    default:
      return String(value);
  }
}

/** Fields as a document in a message; `{}` when there are none. */
export function displayFields(fields: [string, unknown][]): string {
  return fields.length
    ? `{ ${fields.map(([name, value]) => `${name}: ${display(value)}`).join(', ')} }`
    : '{}';
}
