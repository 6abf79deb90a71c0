import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { type Ancestor, argumentPath, pathOfVariable } from './argument-path.js';
import { IS_MISSING, IS_NULL, reasonFor } from './value-reason.js';

/** What is wrong with an argument. `message` does not repeat any value. */
export interface ValueProblem {
  argument: string | undefined;
  message: string;
}

/** The nodes whose errors in graphql-js may print a value of the client. */
const VALUES = new Set<string>([
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.FLOAT,
  Kind.INT,
  Kind.LIST,
  Kind.NULL,
  Kind.OBJECT,
  Kind.STRING,
]);

/** Names in messages of graphql-js that name a field of an input object, or an argument, which is missing. */
const MISSING = /^Field "(?:\w+\.(\w+)" of required type|\w+" argument "(\w+)" of type "[^"]+" is required)/;
/** All values in the document have been checked by then, so a variable in it is null or missing. */
const NULL_WITHIN = /^Argument "\w+" has invalid value /;

/**
 * What an error of graphql-js says about an argument in the document. The messages of graphql-js print the rejected
 * value, so a message about a value is replaced. Undefined: the error is not about an argument.
 */
export function valueProblem(schema: GraphQLSchema, error: GraphQLError): ValueProblem | undefined {
  const node = nodeOf(error);
  const place = node && placeOf(schema, node);
  if (!place) return undefined;
  const missing = MISSING.exec(error.message)?.slice(1).find(Boolean);
  const argument = [...place.path, ...(missing ? [missing] : [])].join('.') || undefined;
  if (!argument && !VALUES.has(node.kind)) return undefined;
  return describeProblem(argument, missing ? IS_MISSING : reasonOf(error, node, place.type));
}

/** A problem with a message that names the argument, as the messages of all `BAD_USER_INPUT` do. */
export function describeProblem(argument: string | undefined, reason: string): ValueProblem {
  return { argument, message: argument ? `${argument}: ${reason}` : `A value ${reason}.` };
}

function reasonOf(error: GraphQLError, { kind }: ASTNode, type: GraphQLInputType | null | undefined): string {
  if (!VALUES.has(kind)) return error.message;
  if (kind === Kind.NULL) return IS_NULL;
  return NULL_WITHIN.test(error.message) ? 'holds a variable that must not be null' : reasonFor(type);
}

/** The node that an error is about. For a variable of a wrong type it is the place where the variable is used. */
function nodeOf({ nodes }: GraphQLError): ASTNode | undefined {
  const [first, second] = nodes ?? [];
  return first?.kind === Kind.VARIABLE_DEFINITION ? second : first;
}

interface Place {
  path: string[];
  type: GraphQLInputType | null | undefined;
}

function placeOf(schema: GraphQLSchema, { kind, loc }: ASTNode): Place | undefined {
  if (!loc) return undefined;
  const document = parse(loc.source);
  const types = new TypeInfo(schema);
  let place: Place | undefined;
  const visitor = {
    enter(node: ASTNode, _key: unknown, parent: Ancestor, _path: unknown, ancestors: readonly Ancestor[]) {
      if (node.kind !== kind || node.loc?.start !== loc.start || node.loc.end !== loc.end) return undefined;
      const way = [...ancestors, parent, node];
      const path = [...defaultOf(document, way), ...argumentPath(way)];
      place = { path, type: types.getInputType() };
      return BREAK;
    },
  };
  visit(document, visitWithTypeInfo(types, visitor));
  return place;
}

/** For a value in the default of a variable: where the variable is used. */
function defaultOf(document: DocumentNode, way: readonly Ancestor[]): string[] {
  for (const ancestor of way)
    if (ancestor && 'kind' in ancestor && ancestor.kind === Kind.VARIABLE_DEFINITION)
      return pathOfVariable(document, ancestor.variable.name.value);
  return [];
}
