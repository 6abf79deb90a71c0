import {
  type FragmentDefinitionNode,
  getArgumentValues,
  getIntrospectionQuery,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';

/** An operation that has passed validation, with what it refers to. */
export interface ValidOperation {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Readonly<Record<string, unknown>>;
}

/** So many characters of a name or a text are one point. */
const CHARACTERS_OF_A_POINT = 64;

/**
 * What the introspection in an operation costs: 1 for each value of the answer, and 1 more for each 64 characters of it.
 * The real schema is walked as the execution would walk it, so the result is never below the number of values. The walk
 * stops above `limit`; the result is then some number above it.
 */
export function introspectionCost(asked: ValidOperation, limit: number): number {
  const walk = new IntrospectionWalk(asked, limit);
  const root = asked.schema.getRootType(asked.operation.operation);
  if (root) walk.enterRoot(asked.operation.selectionSet);
  return walk.cost;
}

/** Whether an operation reads the schema. `__typename` alone does not. */
export function readsSchema(asked: ValidOperation): boolean {
  return introspectionCost(asked, 0) > 0;
}

/** The cost of the longest standard introspection query, with every option that graphql-js, GraphiQL and Apollo know. */
export function standardIntrospectionCost(schema: GraphQLSchema): number {
  const query = getIntrospectionQuery({
    descriptions: true,
    directiveIsRepeatable: true,
    inputValueDeprecation: true,
    oneOf: true,
    schemaDescription: true,
    specifiedByUrl: true,
  });
  const { definitions } = parse(query);
  const [operation] = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const fragments = new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  return introspectionCost(
    { schema, operation: operation as OperationDefinitionNode, fragments, variables: {} },
    Infinity,
  );
}

class IntrospectionWalk {
  cost = 0;

  constructor(
    private readonly asked: ValidOperation,
    private readonly limit: number,
  ) {}

  enterRoot(selections: SelectionSetNode): void {
    for (const field of this.#fieldsOf(selections)) {
      const meta = [SchemaMetaFieldDef, TypeMetaFieldDef].find(({ name }) => name === field.name.value);
      if (meta) this.#enterField(field, meta, undefined);
    }
  }

  /** Adds the values below one object of the schema. */
  #enterObject(selections: SelectionSetNode, type: GraphQLObjectType, source: unknown): void {
    const definitions = type.getFields();
    for (const field of this.#fieldsOf(selections)) {
      if (this.cost > this.limit) return;
      const definition = definitions[field.name.value];
      // Only `__typename` is not among them.
      if (definition) this.#enterField(field, definition, source);
      else this.#count(field, type.name);
    }
  }

  #enterField(field: FieldNode, definition: FieldDefinition, source: unknown): void {
    const { schema, variables } = this.asked;
    const args = getArgumentValues(definition, field, variables);
    // The resolvers of introspection read nothing but their source and the schema.
    const value: unknown = definition.resolve?.(source, args, undefined, { schema } as GraphQLResolveInfo);
    this.#count(field, value);
    const type = getNamedType(definition.type);
    if (!isObjectType(type) || !field.selectionSet) return;
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (this.cost > this.limit) return;
      if (item !== null && item !== undefined) this.#enterObject(field.selectionSet, type, item);
    }
  }

  /** Counts a value, the items if it is a list, its name in the answer, and its texts. */
  #count({ alias, name }: FieldNode, value: unknown): void {
    const items = Array.isArray(value) ? (value as unknown[]).length : 0;
    const texts = [value].flat().filter((text) => typeof text === 'string');
    const characters = texts.reduce((sum, text) => sum + text.length, (alias ?? name).value.length);
    this.cost += 1 + items + Math.floor(characters / CHARACTERS_OF_A_POINT);
  }

  /** The fields of a selection set, with those of its fragments. `@skip` and `@include` are taken for not there. */
  *#fieldsOf({ selections }: SelectionSetNode): Generator<FieldNode> {
    for (const selection of selections) {
      if (this.cost > this.limit) return;
      if (selection.kind === Kind.FIELD) yield selection;
      else if (selection.kind === Kind.INLINE_FRAGMENT) yield* this.#fieldsOf(selection.selectionSet);
      else {
        const fragment = this.asked.fragments.get(selection.name.value);
        if (fragment) yield* this.#fieldsOf(fragment.selectionSet);
      }
    }
  }
}

type FieldNode = Extract<SelectionSetNode['selections'][number], { kind: Kind.FIELD }>;
type FieldDefinition = typeof SchemaMetaFieldDef;
