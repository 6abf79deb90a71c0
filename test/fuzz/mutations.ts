import { ODD_VALUES, pathsIn, withValueAt } from '../support/odd-json.js';
import { type SeededRandom } from '../support/seeded-random.js';

/** Texts that parsers, stores, terminals and URLs have trouble with. */
export const ODD_TEXTS: readonly string[] = [
  ...['', ' ', '\0', '\ud800', '\uFEFF', '\u202e', '\uff3a', 'e\u0301', '👩‍👩‍👧', '\r\nx-injected: 1'],
  ...[
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    '9'.repeat(30),
    'NaN',
    '0x10',
    '2030-13-45T99:99:99Z',
    '9999-99-99',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '{"$ne":null}',
    '$where',
    '../../etc/passwd',
    '%00',
    '%',
    '%ff',
  ],
  ...['https://evil.example/', '//evil.example', 'javascript:alert(1)', 'data:,x', 'http://127.0.0.1:1/'],
  ...['<script>alert(1)</script>', "' OR 1=1", '`${1}`', '#', '"', '\\', 'a'.repeat(300), 'x'.repeat(20_000)],
];

/** One element of a list that is not empty. */
export const pick = <T>(random: SeededRandom, items: readonly T[]): T =>
  items[random.below(items.length)] as T;

/** A value as JSON, and nothing for what JSON does not have. */
export const jsonText = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

/** A value that nobody expects. */
export function oddValue(random: SeededRandom): unknown {
  return random.chance(0.5) ? pick(random, ODD_VALUES) : pick(random, ODD_TEXTS);
}

const EDITS: readonly ((text: string, at: number, random: SeededRandom) => string)[] = [
  (text, at) => text.slice(0, at),
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at, random) => text.slice(0, at) + text.slice(at + 1 + random.below(20)),
  (text, at, random) => text.slice(0, at) + pick(random, ODD_TEXTS) + text.slice(at),
  (text, at, random) =>
    text.slice(0, at) + pick(random, Array.from('{}()[]!$@:"\\&|#,.=%;\0')) + text.slice(at),
  (text, at, random) =>
    text.slice(0, at) + text.slice(at, at + 40).repeat(1 + random.below(30)) + text.slice(at),
  (text, at) => text.slice(at) + text.slice(0, at),
  (text, at) => text.slice(0, at) + text.slice(at).toUpperCase(),
  (text, at, random) => text.slice(0, at) + String.fromCharCode(random.below(0xffff)) + text.slice(at + 1),
];

/** A text with one to three edits at random places. */
export function damagedText(random: SeededRandom, text: string): string {
  let damaged = text;
  for (let edits = 1 + random.below(3); edits > 0; edits--)
    damaged = pick(random, EDITS)(damaged, random.below(damaged.length + 1), random);
  return damaged.slice(0, 60_000);
}

/** A value of JSON with an odd value in a random place, or in its own place. */
export function damagedJson(random: SeededRandom, value: unknown): unknown {
  const paths = [...pathsIn(value)];
  if (paths.length === 0 || random.chance(0.1)) return oddValue(random);
  return withValueAt(value as object, pick(random, paths), oddValue(random));
}

/** Bytes with some of them changed, left out or added. */
export function damagedBytes(random: SeededRandom, bytes: Buffer): Buffer {
  const damaged = Buffer.from(bytes);
  for (let edits = 1 + random.below(4); edits > 0 && damaged.length > 0; edits--)
    damaged[random.below(damaged.length)] = random.below(256);
  const cut = random.chance(0.3) ? damaged.subarray(0, random.below(damaged.length + 1)) : damaged;
  return random.chance(0.2) ? Buffer.concat([cut, Buffer.from([0xff, 0xfe, 0, 0xc3])]) : cut;
}
