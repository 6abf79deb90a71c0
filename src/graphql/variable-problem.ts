import {
  coerceInputValue,
  type DocumentNode,
  getNullableType,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { pathOfVariable } from './argument-path.js';
import { describeProblem, type ValueProblem } from './value-problem.js';
import { IS_MISSING, IS_NULL, reasonFor } from './value-reason.js';

type Values = Readonly<Record<string, unknown>>;
/** What is wrong, and where below the variable. */
interface Fault {
  path: readonly (string | number)[];
  reason: string;
}

/** The names in messages of graphql-js about a field that is missing in an input object, or not known there. */
const FIELD = /^Field "(\w{1,100})" (?:of required type|is not defined by type)/;

/**
 * What is wrong with the variables of an operation, in terms of the arguments that they are used for. It finds the same
 * faults as graphql-js (GraphQL specification §6.1.2), whose messages print the values. Undefined: nothing.
 */
export function variableProblem(
  schema: GraphQLSchema,
  { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
  values: Values,
): (ValueProblem & { definition: VariableDefinitionNode }) | undefined {
  for (const definition of operation.variableDefinitions ?? []) {
    const fault = faultOf(schema, definition, values);
    if (!fault) continue;
    const usage = pathOfVariable(document, definition.variable.name.value, operation);
    // Indexes of lists are left out: `argument` names a field of a form.
    const names = fault.path.filter((key) => typeof key === 'string');
    return { ...describeProblem([...usage, ...names].join('.') || undefined, fault.reason), definition };
  }
  return undefined;
}

function faultOf(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  values: Values,
): Fault | undefined {
  const type = typeFromAST(schema, definition.type);
  const name = definition.variable.name.value;
  if (!isInputType(type)) return undefined;
  if (!Object.hasOwn(values, name))
    return isNonNullType(type) && !definition.defaultValue ? { path: [], reason: IS_MISSING } : undefined;
  const faults: Fault[] = [];
  coerceInputValue(values[name], type, (path, value, { message }) => {
    faults.push(describeFault(type, path, value, message));
  });
  return faults[0];
}

function describeFault(type: GraphQLInputType, path: Fault['path'], value: unknown, message: string): Fault {
  const [, field] = FIELD.exec(message) ?? [];
  if (field && message.includes('required')) return { path: [...path, field], reason: IS_MISSING };
  if (message.startsWith('Field ')) return { path: field ? [...path, field] : path, reason: 'is not known' };
  if (value === null || value === undefined) return { path, reason: IS_NULL };
  return { path, reason: reasonFor(typeAt(type, path)) };
}

function typeAt(type: GraphQLInputType, path: Fault['path']): GraphQLInputType | undefined {
  let place: GraphQLInputType | undefined = type;
  for (const key of path) {
    const nullable: GraphQLInputType | undefined = place && getNullableType(place);
    if (isListType(nullable) && typeof key === 'number') place = nullable.ofType;
    else place = isInputObjectType(nullable) ? nullable.getFields()[key]?.type : undefined;
  }
  return place;
}
