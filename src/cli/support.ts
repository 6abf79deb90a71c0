import { AuditTrail } from '../audit/audit-trail.js';
import { ConfigError, loadDatabaseUri } from '../config/config.js';
import { GrantReader } from '../grants/store/grant-reader.js';
import { openDatabase } from '../models/database.js';
import { type Models } from '../models/database.js';
import { missingRequiredScopes } from '../zoom/scopes.js';
import { parseSupportCommand, type SupportCommand, USAGE } from './support/command-line.js';
import { contactLines } from './support/contacts.js';
import { type Case, explain } from './support/explain.js';

const MOST_EVENTS = 200;

/** Answers questions about connections from the database alone. It writes nothing. */
async function main(): Promise<void> {
  const command = parseSupportCommand(process.argv.slice(2));
  if (command.kind === 'usage') {
    if (command.problem !== undefined) process.stderr.write(`${command.problem}\n\n`);
    process.stdout.write(USAGE);
    process.exitCode = command.problem === undefined ? 0 : 2;
    return;
  }
  const database = await openDatabase(loadDatabaseUri().reveal(), { isReadOnly: true });
  try {
    for await (const line of answer(command, database.models)) process.stdout.write(`${line}\n`);
  } finally {
    await database.close();
  }
}

async function* answer(
  command: Exclude<SupportCommand, { kind: 'usage' }>,
  models: Models,
): AsyncGenerator<string> {
  const now = new Date();
  const grants = new GrantReader(models);
  if (command.kind === 'contact') yield* contactLines(grants, command.filter, command.format, now);
  else yield* explain(await caseOf(command.userId, grants, models), now);
}

async function caseOf(userId: string, grants: GrantReader, models: Models): Promise<Case> {
  const grant = await grants.find(userId);
  const waiting = await grants.waitingEvents(userId);
  const trail = new AuditTrail(models, () => Promise.resolve());
  const moved = await trail.read(userId, MOST_EVENTS + 1);
  const events = [...new Map([...waiting, ...moved].map((event) => [event._id, event])).values()].sort(
    (a, b) => b.occurredAt.getTime() - a.occurredAt.getTime(),
  );
  return {
    userId,
    grant,
    missingScopes: grant?.isActive ? missingRequiredScopes(grant.grantedScopes) : [],
    events: events.slice(0, MOST_EVENTS),
    hasMore: events.length > MOST_EVENTS,
  };
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader, such as `head`, has enough.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : String((error as Error).stack ?? error)}\n`,
  );
  process.exit(1);
});
