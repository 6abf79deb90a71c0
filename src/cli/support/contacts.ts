import { type Grant } from '../../grants/grant.js';
import { grantStatus } from '../../grants/grant-status.js';
import { changedAt, type GrantFilter } from '../../grants/store/grant-list.js';
import { type GrantReader } from '../../grants/store/grant-reader.js';

const ROWS_PER_READ = 500;
const COLUMNS = ['userId', 'status', 'reason', 'since'] as const;

/** One user to contact. `since` is UTC, ISO 8601. */
type Contact = Record<(typeof COLUMNS)[number], string | null>;

/** The lines of the list, read part by part, so that a long list needs no memory. */
export async function* contactLines(
  grants: GrantReader,
  filter: GrantFilter,
  format: 'ndjson' | 'csv',
  now: Date,
): AsyncGenerator<string> {
  if (format === 'csv') yield COLUMNS.join(',');
  let last: Grant | undefined;
  do {
    const after = last && { changedAt: changedAt(filter, last), userId: last.userId };
    const part = await grants.list(filter, ROWS_PER_READ, after);
    for (const grant of part) {
      const contact = contactOf(grant, now);
      yield format === 'csv' ? COLUMNS.map((name) => csv(contact[name])).join(',') : JSON.stringify(contact);
    }
    last = part.length === ROWS_PER_READ ? part.at(-1) : undefined;
  } while (last);
}

function contactOf(grant: Grant, now: Date): Contact {
  const { status, reason, since } = grantStatus(grant, now);
  return { userId: grant.userId, status, reason: reason ?? null, since: since?.toISOString() ?? null };
}

/**
 * A field of RFC 4180. A value that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises
 * (CSV injection): a user id is the platform's own text.
 */
function csv(value: string | null): string {
  const text = value ?? '';
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
