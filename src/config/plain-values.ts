import { z } from 'zod';

/** A whole number in decimal digits and nothing else: no blank, sign, exponent or `0x`. */
export const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number in decimal digits')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);

/** A time in milliseconds, from a tenth of a second to ten minutes. */
export const milliseconds = (fallback: number) => integer(100, 600_000).default(fallback);

/** An instant with its zone, such as `2026-11-28T17:00:00Z`. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-11-28T17:00:00Z' })
  .transform((text) => new Date(text));

/** `true` or `false`. */
export const boolean = z.enum(['true', 'false']).transform((value) => value === 'true');

/** The entries of a comma separated list, without blanks around them. */
export const entriesOf = (list: string): string[] =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
