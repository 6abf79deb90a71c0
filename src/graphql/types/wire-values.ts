/** A URL that Zoom spelled wrong is left out rather than failing the whole answer. */
export function urlOrNothing(value: string | undefined): string | undefined {
  return value !== undefined && URL.canParse(value) ? value : undefined;
}

/** An instant that Zoom spelled wrong is left out rather than failing the whole answer. */
export function dateOrNothing(value: string | undefined): Date | undefined {
  const instant = new Date(value ?? NaN);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
