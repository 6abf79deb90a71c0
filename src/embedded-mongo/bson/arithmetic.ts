import { Double, Int32, Long } from 'bson';
import { CommandError } from '../errors';
import { isNumber, toNumber, typeOf } from './values';

type Numeric = Int32 | Long | Double;

/**
 * a + b, or a - b with sign -1, with MongoDB's result types: a double makes a double, an int32 overflow a long.
 * Throws BadValue when a long overflows.
 */
export function sum(a: Numeric, b: Numeric, sign: 1 | -1 = 1): Numeric {
  if (typeOf(a) === 'double' || typeOf(b) === 'double') return new Double(toNumber(a) + sign * toNumber(b));
  const exact = BigInt(a.toString()) + BigInt(sign) * BigInt(b.toString());
  if (exact !== BigInt.asIntN(64, exact)) throw new CommandError('BadValue', 'long overflow in an addition');
  const ints = typeOf(a) === 'int' && typeOf(b) === 'int';
  return ints && exact === BigInt.asIntN(32, exact) ? new Int32(Number(exact)) : Long.fromBigInt(exact);
}

/** `$add` of two values: numbers, or a date and milliseconds; null when either is absent. Throws TypeMismatch. */
export function add(a: unknown, b: unknown): unknown {
  if (a == null || b == null) return null;
  if (isNumber(a) && isNumber(b)) return sum(a, b);
  if (a instanceof Date && isNumber(b)) return new Date(a.getTime() + toNumber(b));
  if (isNumber(a) && b instanceof Date) return add(b, a);
  const wrong = isNumber(a) || a instanceof Date ? b : a;
  throw new CommandError('TypeMismatch', `$add only supports numeric or date types, not ${typeOf(wrong)}`);
}

/** `$subtract` of two values: numbers, dates (milliseconds), or a date less milliseconds. Throws TypeMismatch. */
export function subtract(a: unknown, b: unknown): unknown {
  if (a == null || b == null) return null;
  if (isNumber(a) && isNumber(b)) return sum(a, b, -1);
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
  if (a instanceof Date && isNumber(b)) return new Date(a.getTime() - toNumber(b));
  throw new CommandError('TypeMismatch', `can't $subtract ${typeOf(b)} from ${typeOf(a)}`);
}
