/** The scopes of a parameter, separated by spaces, plus signs or commas, each once. */
export function parseScopes(value: string | null): string[] {
  return [...new Set((value ?? '').split(/[\s+,]+/).filter(Boolean))];
}
