import { getNamedType, type GraphQLObjectType, introspectionTypes, isObjectType } from 'graphql';
import { type SeededRandom } from './seeded-random.js';

const TYPES = new Map(introspectionTypes.map((type) => [type.name, type]));

/** A random document that reads the schema, with fragments, aliases and nested lists. */
export function randomIntrospection(random: SeededRandom, typeNames: readonly string[]): string {
  const fragments: string[] = [];
  const count = 1 + random.below(3);
  const roots = Array.from({ length: count }, (_, index) => {
    if (random.chance(0.6)) return `r${index}: __schema ${selection('__Schema', 1)}`;
    const [name = ''] = random.sample(typeNames, 1);
    return `r${index}: __type(name: "${name}") ${selection('__Type', 1)}`;
  });
  return [`{ ${roots.join(' ')} }`, ...fragments].join('\n');

  function selection(typeName: string, depth: number): string {
    const type = TYPES.get(typeName) as GraphQLObjectType;
    const all = Object.values(type.getFields());
    const usable = all.filter((field) => depth < 6 || !isObjectType(getNamedType(field.type)));
    const chosen = random.sample(usable, 2 + random.below(4)).map((field, index) => {
      const named = getNamedType(field.type);
      const alias = random.chance(0.4) ? `a${index}_${'x'.repeat(random.below(80))}: ` : '';
      const takesDeprecated = field.args.some(({ name }) => name === 'includeDeprecated');
      const args = takesDeprecated && random.chance(0.5) ? '(includeDeprecated: true)' : '';
      const below = isObjectType(named) ? ` ${selection(named.name, depth + 1)}` : '';
      return `${alias}${field.name}${args}${below}`;
    });
    if (random.chance(0.2)) chosen.push('__typename');
    const body = `{ ${chosen.join(' ')} }`;
    if (!random.chance(0.2)) return body;
    const name = `f${fragments.length}`;
    fragments.push(`fragment ${name} on ${typeName} ${body}`);
    return `{ ...${name} ${random.chance(0.5) ? `... on ${typeName} ${body}` : ''} }`;
  }
}
