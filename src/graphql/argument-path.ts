import { type ASTNode, type DocumentNode, Kind, type OperationDefinitionNode, visit } from 'graphql';

/** A node, or a list of nodes, on the way from the document to a node; undefined: the document has no parent. */
export type Ancestor = ASTNode | readonly ASTNode[] | undefined;

/**
 * The argument that a node lies in and the fields of input objects below it, such as `['input', 'startTime']`. `way` leads
 * from the document to the node; the `ancestors` of graphql-js alone do not: they lack the parent.
 */
export function argumentPath(way: readonly Ancestor[]): string[] {
  return way.flatMap((ancestor) =>
    ancestor && 'kind' in ancestor && (ancestor.kind === Kind.ARGUMENT || ancestor.kind === Kind.OBJECT_FIELD)
      ? [ancestor.name.value]
      : [],
  );
}

/** Where an operation, or a fragment, uses a variable first. Empty: nowhere. */
export function pathOfVariable(
  document: DocumentNode,
  variable: string,
  operation?: OperationDefinitionNode,
): string[] {
  let path: string[] | undefined;
  visit(document, {
    OperationDefinition: (node) => (operation && node !== operation ? false : undefined),
    VariableDefinition: () => false,
    Variable: (node, _key, parent, _path, ancestors) => {
      if (node.name.value === variable) path ??= argumentPath([...ancestors, parent]);
    },
  });
  return path ?? [];
}
