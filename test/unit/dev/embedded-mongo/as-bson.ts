import { decode, type Doc, encode } from '../../../../src/dev/embedded-mongo/query/values.js';

/** A value as the server sees it after it came over the wire. */
export function asBson<T>(value: T): T {
  const { value: decoded } = decode(encode({ value }));
  return decoded as T;
}

/** Plain JavaScript again, for readable expectations. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** A document of the server. */
export function doc(source: object): Doc {
  return asBson(source) as Doc;
}
