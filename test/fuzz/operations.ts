import {
  buildSchema,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FRONTEND } from '../support/harness.js';
import { type SeededRandom } from '../support/seeded-random.js';
import { ODD_TEXTS, oddValue, pick } from './mutations.js';
import { type World } from './world.js';

const SCHEMA = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));
const ROOTS = { query: rootOf('Query'), mutation: rootOf('Mutation') };
const MAX_DEPTH = 6;
const DIRECTIVES = [
  'include',
  'skip',
  'include',
  'skip',
  'include',
  'skip',
  'include',
  'skip',
  'include',
  'defer',
];
/** How often a value is not of the type that is asked for. */
const ODD = 0.05;

function rootOf(name: string): GraphQLObjectType {
  const type = SCHEMA.getType(name);
  if (!isObjectType(type)) throw new Error(`the schema has no type ${name}`);
  return type;
}

/** A request to GraphQL before it is damaged. */
export interface Operation {
  query: string;
  variables: Record<string, unknown>;
}

/** Writes operations that follow the grammar and mostly the types, with values of a world. */
class OperationWriter {
  readonly #variables: Record<string, unknown> = {};
  readonly #declared: string[] = [];
  readonly #fragments: string[] = [];
  #aliases = 0;

  constructor(
    private readonly random: SeededRandom,
    private readonly world: World,
  ) {}

  write(): Operation {
    const { random } = this;
    const kind = random.chance(0.65) ? 'query' : 'mutation';
    const root = ROOTS[kind];
    const roots = Array.from({ length: 1 + random.below(3) }, () => this.#root(root));
    const variables = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : '';
    const name = random.chance(0.3) ? `Fuzz${random.below(30)}` : '';
    const head =
      variables || name || kind === 'mutation' || random.chance(0.5) ? `${kind} ${name}${variables} ` : '';
    return {
      query: [`${head}{ ${roots.join(' ')} }`, ...this.#fragments].join('\n'),
      variables: this.#variables,
    };
  }

  #root(type: GraphQLObjectType): string {
    if (this.random.chance(0.06)) return this.#introspection();
    return this.#field(pick(this.random, Object.values(type.getFields())), 0);
  }

  #introspection(): string {
    const depth = 1 + this.random.below(5);
    const inner =
      '{ name '.repeat(depth) +
      'fields { name type { name ofType { name } } } '.repeat(1) +
      '} '.repeat(depth);
    return pick(this.random, [
      `__schema { queryType ${'{ fields { type '.repeat(depth)}{ name } ${'} }'.repeat(depth)} }`,
      `__schema { types { name description fields { name args { name defaultValue } } } }`,
      `__type(name: "${pick(this.random, ['ZoomMeeting', '__Schema', 'Query', ...ODD_TEXTS.slice(0, 4)])}") ${inner.replaceAll('{ name {', '{ name possibleTypes {')}`,
    ]);
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const { random } = this;
    // Without names of their own, equal fields with different arguments are refused.
    const alias = random.chance(depth === 0 ? 0.9 : 0.15) ? `a${this.#aliases++}: ` : '';
    const directive = random.chance(0.06) ? ` @${pick(random, DIRECTIVES)}(if: ${random.chance(0.5)})` : '';
    const args = field.args.filter(
      ({ name, type }) => isNonNullType(type) || random.chance(name === 'onBehalfOf' ? 0.15 : 0.5),
    );
    const written = args.map((arg) => `${arg.name}: ${this.#argument(arg)}`);
    const given = written.length > 0 ? `(${written.join(', ')})` : '';
    return `${alias}${field.name}${given}${directive}${this.#selection(getNamedType(field.type), depth)}`;
  }

  #selection(type: unknown, depth: number): string {
    const { random } = this;
    if (!isObjectType(type)) return random.chance(0.003) ? ' { id }' : '';
    const fields = Object.values(type.getFields()).filter(
      (field) => depth < MAX_DEPTH || isLeafType(getNamedType(field.type)),
    );
    const chosen = random.sample(fields, 1 + random.below(4)).map((field) => this.#field(field, depth + 1));
    if (random.chance(0.1)) chosen.push('__typename');
    if (random.chance(0.05))
      chosen.push(`... on ${random.chance(0.95) ? type.name : 'Query'} { __typename }`);
    if (!random.chance(0.05)) return ` { ${chosen.join(' ')} }`;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(
      `fragment ${name} on ${type.name} { ${chosen.join(' ')} ${random.chance(0.03) ? `...${name}` : ''} }`,
    );
    return ` { ...${name} }`;
  }

  #argument({ name, type }: GraphQLArgument): string {
    const value = this.#value(type, name, 0);
    if (!this.random.chance(0.5)) return literal(value, type);
    const variable = `v${this.#declared.length}`;
    this.#declared.push(`$${variable}: ${String(type)}`);
    this.#variables[variable] = value;
    return `$${variable}`;
  }

  #value(type: GraphQLInputType, name: string, depth: number): unknown {
    const { random } = this;
    if (random.chance(ODD)) return oddValue(random);
    if (isNonNullType(type)) return this.#value(type.ofType, name, depth);
    if (isListType(type))
      return Array.from({ length: random.below(4) }, () => this.#value(type.ofType, name, depth));
    if (isEnumType(type)) return pick(random, type.getValues()).name;
    if (!isInputObjectType(type)) return this.#scalar(type.name, name);
    const fields = Object.values(type.getFields()).filter(
      (field) => depth < 4 && (isNonNullType(field.type) || random.chance(0.35)),
    );
    return Object.fromEntries(
      fields.map((field) => [field.name, this.#value(field.type, field.name, depth + 1)]),
    );
  }

  #scalar(type: string, name: string): unknown {
    const { random, world } = this;
    if (name === 'after') return pick(random, world.cursors);
    if (name === 'onBehalfOf') return world.user(random);
    if (name === 'returnTo') return `${FRONTEND}/${random.below(9)}`;
    if (name === 'timezone') return pick(random, ['Europe/Berlin', 'UTC', 'Asia/Kolkata', 'Mars/Base']);
    if (name === 'scopes') return pick(random, ['user:read:user', 'meeting:read:list_meetings', 'x']);
    if (type === 'ID') return random.chance(0.8) ? pick(random, world.meetingIds) : String(random.below(1e9));
    if (type === 'Int') return pick(random, [0, 1, 2, 30, 300, 301, -1, 1440, random.below(2 ** 31)]);
    if (type === 'Float') return random.next() * 1_000;
    if (type === 'Boolean') return random.chance(0.5);
    const day = new Date(Date.now() + (random.below(800) - 400) * 86_400_000).toISOString();
    if (type === 'DateTime') return day;
    if (type === 'Date') return day.slice(0, 10);
    return pick(random, ['Coaching', 'Qz8@Vw_4x', `key-${random.below(50)}`, ...ODD_TEXTS]);
  }
}

/** A value as GraphQL writes it: names of enums without quotes, keys without quotes. */
function literal(value: unknown, type: GraphQLInputType): string {
  const named = getNamedType(type);
  if (typeof value === 'string' && isEnumType(named) && /^\w+$/.test(value)) return value;
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, type)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = isInputObjectType(named) ? named.getFields() : {};
    const inner = Object.entries(value).map(
      ([key, item]) => `${key}: ${literal(item, fields[key]?.type ?? type)}`,
    );
    return `{${inner.join(', ')}}`;
  }
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** An operation of the schema; the same randomness gives the same one. */
export function someOperation(random: SeededRandom, world: World): Operation {
  return new OperationWriter(random, world).write();
}
