import { getNamedType, type GraphQLInputType, isEnumType, isInputObjectType } from 'graphql';

/** What a value of a scalar has to be, for people. */
const SCALARS: Record<string, string> = {
  Boolean: 'must be true or false',
  Date: 'must be a day, such as 2030-01-31',
  DateTime: 'must be a date and time with a time zone, such as 2030-01-31T18:00:00Z',
  Float: 'must be a number',
  ID: 'must be a string or a whole number',
  Int: 'must be a whole number of 32 bits at most',
  String: 'must be a string',
  URL: 'must be an absolute URL',
};

export const IS_NULL = 'must not be null';
export const IS_MISSING = 'is required';

/** Why a value does not fit a type. It never repeats the value, which may be a passcode. */
export function reasonFor(type: GraphQLInputType | null | undefined): string {
  const named = getNamedType(type ?? undefined);
  if (isEnumType(named))
    return `must be one of ${named
      .getValues()
      .map(({ name }) => name)
      .join(', ')}`;
  if (isInputObjectType(named)) return `must be an object of the type ${named.name}`;
  return SCALARS[named?.name ?? ''] ?? `must be of the type ${named?.name ?? 'that the schema names'}`;
}
