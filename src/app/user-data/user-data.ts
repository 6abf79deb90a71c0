import { visibleEvent } from '../../audit/visible-event.js';
import { type AuditEvent } from '../../models/audit-event.js';
import { type Database, type Models } from '../../models/database.js';
import { EXPORTED_FIELDS, OWNER_FIELDS } from './exported-fields.js';

type Row = Record<string, unknown> & { _id: unknown };
type Collection = ReturnType<Database['connection']['collection']>;

/** Everything that is stored about one user of the platform, without secrets and without what is about others. */
export interface ExportedUserData {
  userId: string;
  /** By collection. */
  data: Record<keyof Models, object[]>;
  /** What the user did that is in the trails of others, without those others. */
  actions: object[];
}

/** How many documents of a user there are, or were deleted, by collection. */
export type UserDataCounts = Record<keyof Models | 'actions' | 'rateLimits', number>;

const BATCH = 500;
const COLLECTIONS = Object.keys(OWNER_FIELDS) as (keyof Models)[];
/** The collection of `RateLimits`. Its keys are an operation, a colon, and whom it counts. */
const RATE_LIMITS = 'ratelimits';

/** Finds, exports and deletes what is stored about one user. For operators: it may read whole collections. */
export class UserData {
  constructor(private readonly database: Pick<Database, 'models' | 'connection'>) {}

  async export(userId: string): Promise<ExportedUserData> {
    const data = {} as ExportedUserData['data'];
    for (const name of COLLECTIONS) {
      const rows = await this.#rowsOf(name, userId);
      data[name] = rows.map((row) => exported(name, row, userId));
    }
    const actions: object[] = [];
    for await (const row of this.#actions(userId)) {
      const { type, occurredAt, deviceInfo, correlationId } = row;
      actions.push({ type, occurredAt, deviceInfo, correlationId });
    }
    return { userId, data, actions };
  }

  async count(userId: string): Promise<UserDataCounts> {
    const counts = {} as UserDataCounts;
    for (const name of COLLECTIONS) counts[name] = (await this.#rowsOf(name, userId)).length;
    counts.actions = await countOf(this.#actions(userId));
    counts.rateLimits = await countOf(this.#rateLimits(userId));
    return counts;
  }

  /** The numbers of the meetings that the platform hosts for the user. They exist at the host until deleted there. */
  async hostedMeetings(userId: string): Promise<string[]> {
    return (await this.#rowsOf('hostedMeetings', userId)).map(({ meetingId }) => String(meetingId));
  }

  /**
   * Deletes every document of the user, and takes the user out of the events in the trails of others. End the grant
   * first: the tokens are deleted too. Returns what was deleted.
   */
  async erase(userId: string): Promise<UserDataCounts> {
    const counts = {} as UserDataCounts;
    for (const name of COLLECTIONS) {
      const rows = await this.#rowsOf(name, userId);
      await removeAll(this.#collection(name), rows);
      counts[name] = rows.length;
    }
    counts.actions = 0;
    for await (const { _id } of this.#actions(userId)) {
      const update = { $unset: { 'actor.id': 1, deviceInfo: 1, correlationId: 1 } };
      await this.#collection('auditEvents').updateOne({ _id: _id as never }, update);
      counts.actions += 1;
    }
    const limits: Row[] = [];
    for await (const row of this.#rateLimits(userId)) limits.push(row);
    await removeAll(this.database.connection.collection(RATE_LIMITS), limits);
    counts.rateLimits = limits.length;
    return counts;
  }

  #collection(name: keyof Models): Collection {
    return this.database.models[name].collection;
  }

  #rowsOf(name: keyof Models, userId: string): Promise<Row[]> {
    return this.#collection(name)
      .find({ [OWNER_FIELDS[name]]: userId as never })
      .toArray();
  }

  /** The events in the trails of others that this user caused. */
  async *#actions(userId: string): AsyncGenerator<AuditEvent & Row> {
    for await (const row of scan(this.#collection('auditEvents'))) {
      const event = row as unknown as AuditEvent & Row;
      const { kind, id } = event.actor;
      // What somebody did as an admin or a service stays accountable.
      if (kind === 'user' && id === userId && event.userId !== userId) yield event;
    }
  }

  async *#rateLimits(userId: string): AsyncGenerator<Row> {
    for await (const row of scan(this.database.connection.collection(RATE_LIMITS))) {
      const key = String(row['key']);
      if (key.slice(key.indexOf(':') + 1) === userId) yield row;
    }
  }
}

/** All documents of a collection, in the order of their ids. */
async function* scan(collection: Collection): AsyncGenerator<Row> {
  for (let filter: object = {}; ;) {
    const rows = (await collection.find(filter).sort({ _id: 1 }).limit(BATCH).toArray()) as Row[];
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    filter = { _id: { $gt: last._id } };
  }
}

async function removeAll(collection: Collection, rows: readonly Row[]): Promise<void> {
  for (let begin = 0; begin < rows.length; begin += BATCH)
    await collection.bulkWrite(
      rows.slice(begin, begin + BATCH).map(({ _id }) => ({ deleteOne: { filter: { _id: _id as never } } })),
    );
}

async function countOf(rows: AsyncGenerator): Promise<number> {
  let count = 0;
  while (!(await rows.next()).done) count += 1;
  return count;
}

/** Of events, the user gets what the user may see in the trail. */
function exported(name: keyof Models, row: Row, userId: string): object {
  const visible =
    name === 'auditEvents' ? visibleEvent(row as unknown as AuditEvent, { userId, role: 'user' }) : row;
  const fields: readonly string[] = EXPORTED_FIELDS[name];
  return Object.fromEntries(Object.entries(visible).filter(([field]) => fields.includes(field)));
}
