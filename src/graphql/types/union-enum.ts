import { registerEnumType } from 'type-graphql';

/** The name of a member in the schema: `grant.ended` becomes `GRANT_ENDED`. */
type EnumName<Member extends string> = Uppercase<
  Member extends `${infer Before}.${infer After}` ? `${Before}_${After}` : Member
>;

/**
 * Registers a union of strings as an enum of the schema, with a description for each member. Where a lower room owns
 * the union, give it as `Member`: the compiler then refuses a missing and an excess description.
 * @returns the members by their names in the schema
 */
export function unionEnum<Member extends string>(
  name: string,
  description: string,
  members: Record<Member, string>,
): { [M in Member as EnumName<M>]: M } {
  const entries = Object.entries<string>(members).map(([value, meaning]) => ({
    key: value.replace('.', '_').toUpperCase(),
    value,
    meaning,
  }));
  const values = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
  registerEnumType(values, {
    name,
    description,
    valuesConfig: Object.fromEntries(entries.map(({ key, meaning }) => [key, { description: meaning }])),
  });
  return values as { [M in Member as EnumName<M>]: M };
}
