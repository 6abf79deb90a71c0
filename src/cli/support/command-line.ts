import { parseArgs } from 'node:util';
import { type GrantFilter } from '../../grants/store/grant-list.js';
import { DISCONNECT_REASONS } from '../../models/user-oauth-token.js';

/** What the operator asks for. */
export type SupportCommand =
  | { kind: 'why'; userId: string }
  | { kind: 'contact'; filter: GrantFilter; format: 'ndjson' | 'csv' }
  | { kind: 'usage'; problem?: string };

export const USAGE = `Usage:
  support why --user ID
      Why this user is connected or not, what happened, and what to do.
  support contact [--since TIME] [--reason REASON] [--status STATUS] [--format ndjson|csv]
      Whom to contact: the users whose connection changed at TIME or later (ISO 8601, UTC without an offset), the newest
      change first. Without --reason and --status: those who have to connect again.
Only MONGODB_URI is needed, and nothing is written.
`;

const STATUSES = ['CONNECTED', 'REAUTHORIZATION_REQUIRED', 'REVOKED'] as const;
const FORMATS = ['ndjson', 'csv'] as const;
const OPTIONS = {
  user: { type: 'string' },
  since: { type: 'string' },
  reason: { type: 'string' },
  status: { type: 'string' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the arguments of the command `support`. */
export function parseSupportCommand(args: readonly string[]): SupportCommand {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [command, ...rest] = positionals;
    if (values.help || command === undefined) return { kind: 'usage' };
    if (command === 'why') return whyOf(values.user === undefined ? rest : [values.user, ...rest]);
    if (command === 'contact' && rest.length === 0) return contactOf(values);
    return { kind: 'usage', problem: `unknown command: ${positionals.join(' ')}` };
  } catch (error) {
    return { kind: 'usage', problem: (error as Error).message };
  }
}

function whyOf(userIds: string[]): SupportCommand {
  const [userId] = userIds;
  if (!userId || userIds.length > 1) return { kind: 'usage', problem: 'why: name one user' };
  return { kind: 'why', userId };
}

function contactOf({
  since,
  reason,
  status,
  format,
}: Partial<Record<'since' | 'reason' | 'status' | 'format', string>>): SupportCommand {
  const isOther = reason !== undefined || status !== undefined;
  return {
    kind: 'contact',
    filter: {
      since: since === undefined ? new Date(0) : instant(since),
      reason: reason === undefined ? undefined : oneOf('--reason', DISCONNECT_REASONS, reason),
      status: isOther ? status && oneOf('--status', STATUSES, status) : 'REAUTHORIZATION_REQUIRED',
    } as GrantFilter,
    format: format === undefined ? 'ndjson' : oneOf('--format', FORMATS, format),
  };
}

function oneOf<T extends string>(option: string, allowed: readonly T[], given: string): T {
  const found = allowed.find((each) => each === given);
  if (found === undefined) throw new Error(`${option}: must be one of ${allowed.join(', ')}`);
  return found;
}

/** A day, or an instant with or without an offset. Without one it is UTC, wherever the operator sits. */
function instant(given: string): Date {
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(given);
  const hasOffset = !given.includes('T') || /(Z|[+-]\d\d:\d\d)$/.test(given);
  const date = new Date(hasOffset ? given : `${given}Z`);
  if (!isIso || Number.isNaN(date.getTime()))
    throw new Error('--since: must be a date or an instant, such as 2026-11-27 or 2026-11-27T09:30Z');
  return date;
}
