import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** The bounds on the shape of a document. The standard introspection query is 15 deep and uses none of the rest. */
export const SHAPE_LIMITS = {
  /** Fields inside each other. */
  depth: 15,
  /** Aliases in the whole document. */
  aliases: 100,
  /** Fields at the root of the operation. */
  rootFields: 50,
  /** Directives in the whole document. */
  directives: 50,
  /** Characters of a name or an alias. */
  nameLength: 128,
} as const;

/**
 * What is too large in the shape of a document that has passed validation, as a sentence for the client; undefined if
 * nothing is. Fragments count wherever they are used.
 */
export function shapeProblem(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string | undefined {
  const { aliases, directives, longestName } = countNodes(document);
  const { depth, rootFields } = measure(operation.selectionSet, fragments, new Map());
  const found: [count: number, limit: number, what: string][] = [
    [longestName, SHAPE_LIMITS.nameLength, 'characters of a name'],
    [aliases, SHAPE_LIMITS.aliases, 'aliases'],
    [directives, SHAPE_LIMITS.directives, 'directives'],
    [depth, SHAPE_LIMITS.depth, 'levels of fields'],
    [rootFields, SHAPE_LIMITS.rootFields, 'fields at the root'],
  ];
  const [first] = found.filter(([count, limit]) => count > limit);
  return first && `The document has ${first[0]} ${first[2]}; ${first[1]} are allowed.`;
}

function countNodes(document: DocumentNode) {
  const counts = { aliases: 0, directives: 0, longestName: 0 };
  visit(document, {
    Name: ({ value }) => {
      counts.longestName = Math.max(counts.longestName, value.length);
    },
    Directive: () => {
      counts.directives += 1;
    },
    Field: ({ alias }) => {
      if (alias) counts.aliases += 1;
    },
  });
  return counts;
}

interface Measures {
  depth: number;
  rootFields: number;
}

/** Each fragment is measured once: some fragments use each other many times. */
function measure(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, Measures>,
): Measures {
  const parts = selections.map((selection): Measures => {
    if (selection.kind === Kind.FIELD) {
      const below = selection.selectionSet ? measure(selection.selectionSet, fragments, known).depth : 0;
      return { depth: 1 + below, rootFields: 1 };
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet, fragments, known);
    const name = selection.name.value;
    const fragment = fragments.get(name);
    const measured =
      known.get(name) ??
      (fragment ? measure(fragment.selectionSet, fragments, known) : { depth: 0, rootFields: 0 });
    known.set(name, measured);
    return measured;
  });
  return {
    depth: Math.max(0, ...parts.map(({ depth }) => depth)),
    rootFields: parts.reduce((sum, { rootFields }) => sum + rootFields, 0),
  };
}
