/** A URL as Zoom sends it. One that cannot be parsed is left out, so that the other fields still reach the client. */
export function urlOrNothing(value: string | undefined): string | undefined {
  return value !== undefined && URL.canParse(value) ? value : undefined;
}

/** An instant as Zoom sends it. One that cannot be parsed is left out, like a URL. */
export function dateOrNothing(value: string | undefined): Date | undefined {
  const instant = new Date(value ?? NaN);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
