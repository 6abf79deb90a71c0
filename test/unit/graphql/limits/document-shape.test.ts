import { type FragmentDefinitionNode, getIntrospectionQuery, getOperationAST, Kind, parse } from 'graphql';
import { SHAPE_LIMITS, shapeProblem } from '../../../../src/graphql/limits/document-shape.js';

function problemOf(query: string): string | undefined {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const fragments = new Map(
    document.definitions
      .filter(
        (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
      )
      .map((fragment) => [fragment.name.value, fragment]),
  );
  return shapeProblem(document, operation, fragments);
}

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');
const nested = (depth: number) => `${'{ a '.repeat(depth)}${'}'.repeat(depth)}`;

const { depth, aliases, rootFields, directives, nameLength } = SHAPE_LIMITS;

test.each<[string, string, string]>([
  ['depth', nested(depth), nested(depth + 1)],
  [
    'aliases',
    `{ a { ${times(aliases, (i) => `a${i}: b`)} } }`,
    `{ a { ${times(aliases + 1, (i) => `a${i}: b`)} } }`,
  ],
  [
    'fields at the root',
    `{ ${times(rootFields, (i) => `f${i}`)} }`,
    `{ ${times(rootFields + 1, (i) => `f${i}`)} }`,
  ],
  [
    'directives',
    `{ a { ${times(directives, (i) => `f${i} @skip(if: false)`)} } }`,
    `{ a { ${times(directives + 1, (i) => `f${i} @skip(if: false)`)} } }`,
  ],
  ['length of names', `{ ${'n'.repeat(nameLength)}: a }`, `{ ${'n'.repeat(nameLength + 1)}: a }`],
])('%s: the bound is allowed, one more is not', (_what, allowed, refused) => {
  expect(problemOf(allowed)).toBeUndefined();
  expect(problemOf(refused)).toMatch(/^The document has \d+ [\w ]+; \d+ are allowed\.$/);
});

test('fragments count wherever they are used', () => {
  const chain = times(depth + 1, (i) => `fragment f${i} on A { a { ...f${i + 1} } }`);
  expect(problemOf(`{ ...f0 } ${chain} fragment f${depth + 1} on A { a }`)).toContain('levels of fields');
  const wide = `fragment w on A { ${times(26, (i) => `f${i}`)} }`;
  expect(problemOf(`{ ...w } ${wide}`)).toBeUndefined();
  expect(problemOf(`{ ...w ... on A { ...w } } ${wide}`)).toContain('fields at the root');
});

test('fragments that double each other are measured in no time', () => {
  const doubling = times(40, (i) => `fragment f${i} on A { ...f${i + 1} ...f${i + 1} }`);
  const began = performance.now();
  expect(problemOf(`{ ...f0 } ${doubling} fragment f40 on A { a }`)).toContain('fields at the root');
  expect(performance.now() - began).toBeLessThan(500);
});

test('the standard introspection query is within all bounds', () => {
  const query = getIntrospectionQuery({
    descriptions: true,
    directiveIsRepeatable: true,
    inputValueDeprecation: true,
    oneOf: true,
    schemaDescription: true,
    specifiedByUrl: true,
  });
  expect(problemOf(query)).toBeUndefined();
});
