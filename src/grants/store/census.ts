import { type QueryFilter } from 'mongoose';
import { type Models } from '../../models/database.js';
import { firstDueAt } from '../../models/outbox.js';
import { type UserOAuthToken } from '../../models/user-oauth-token.js';
import { KEEP_ALIVE_AFTER_MS } from '../keep-alive-policy.js';
import { REFRESH_TOKEN_LIFETIME_MS } from '../refresh-policy.js';
import { keyIdOf } from './key-check.js';

/** The groups of figures. Each is a gauge. */
export const CENSUS_FIGURES = [
  'grants',
  'refused_grants',
  'refresh_tokens',
  'keep_alive_backlog',
  'queue_entries',
  'queue_oldest_seconds',
  'sealed_values',
] as const;

export type CensusFigure = (typeof CENSUS_FIGURES)[number];

/** One figure. `label`: the status, the days to expiry, the queue or the key id; empty for a figure that has no parts. */
export interface CensusSample {
  figure: CensusFigure;
  label: string;
  value: number;
}

/** The work that waits in the database. */
export const QUEUES = ['revocations', 'connection_events', 'audit_outbox', 'contests'] as const;

type CountedModels = Pick<Models, 'grants' | 'pendingRevocations' | 'connectionEvents'>;

const DAY_MS = 86_400_000;
/** Limits of the groups of refresh tokens: fewer days than this are left. */
const DAYS_TO_EXPIRY = [7, 14, 30, 60, 90];
/** A refusal is lasting after so long. */
const LASTING_AFTER_MS = DAY_MS;
/** Less than the timeout of a socket, so that the database stops a count before the client gives it up. */
const QUERY_TIMEOUT_MS = 7_000;
/** How many tokens from each end are read for their key ids, and how many ids are named. */
const SEALED_AT_EACH_END = 500;
const MOST_KEY_IDS = 20;
/** Matches every date: a range is what makes the database use the index of the field. */
const SET = { $gt: new Date(0) };
const ACTIVE = { isActive: true };

const STATUSES = {
  CONNECTED: { isActive: true, isRevoked: false },
  REAUTHORIZATION_REQUIRED: { isActive: false, isRevoked: false },
  REVOKED: { isActive: false, isRevoked: true },
};

/**
 * Counts what is stored, one query after the other. Every query finds its rows by an index or reads a queue, and the
 * database ends it after seven seconds. Rejects when one fails: figures that are not complete are not told.
 */
export async function takeCensus(models: CountedModels, now: Date): Promise<CensusSample[]> {
  const groups = [countStatuses, countRefused, countTokens, countBacklog, measureQueues, countKeys];
  const samples: CensusSample[] = [];
  for (const group of groups) samples.push(...(await group(models, now)));
  return samples;
}

const count = ({ grants }: CountedModels, filter: QueryFilter<UserOAuthToken>) =>
  grants.countDocuments(filter, { maxTimeMS: QUERY_TIMEOUT_MS });

async function countStatuses(models: CountedModels): Promise<CensusSample[]> {
  const samples: CensusSample[] = [];
  for (const [label, filter] of Object.entries(STATUSES))
    samples.push({ figure: 'grants', label, value: await count(models, filter) });
  return samples;
}

async function countRefused(models: CountedModels, now: Date): Promise<CensusSample[]> {
  const refused = {
    ...ACTIVE,
    'refreshRefusal.latest': SET,
    'refreshRefusal.since': { $lte: new Date(now.getTime() - LASTING_AFTER_MS) },
  };
  return [{ figure: 'refused_grants', label: '', value: await count(models, refused) }];
}

/** Cumulative, as in a histogram: each group holds those before it. */
async function countTokens(models: CountedModels, now: Date): Promise<CensusSample[]> {
  const samples: CensusSample[] = [];
  let [value, before] = [0, new Date(0)];
  for (const days of DAYS_TO_EXPIRY) {
    // A token that was issued a millisecond later has exactly so many days left.
    const last = new Date(now.getTime() - REFRESH_TOKEN_LIFETIME_MS + days * DAY_MS - 1);
    value += await count(models, { ...ACTIVE, refreshTokenIssuedAt: { $gt: before, $lte: last } });
    samples.push({ figure: 'refresh_tokens', label: String(days), value });
    before = last;
  }
  return samples;
}

/** Grants that the maintenance has to refresh and has not refreshed yet. */
async function countBacklog(models: CountedModels, now: Date): Promise<CensusSample[]> {
  const before = new Date(now.getTime() - KEEP_ALIVE_AFTER_MS);
  const idle = { ...ACTIVE, refreshTokenIssuedAt: { $lt: before }, 'refreshRefusal.since': null };
  return [{ figure: 'keep_alive_backlog', label: '', value: await count(models, idle) }];
}

async function measureQueues(models: CountedModels, now: Date): Promise<CensusSample[]> {
  const { grants, pendingRevocations, connectionEvents } = models;
  const options = { maxTimeMS: QUERY_TIMEOUT_MS };
  const due = { dueAt: SET };
  const firstRevocation = await pendingRevocations.findOne(due, {}, options).sort({ requestedAt: 1 }).lean();
  const overdue = await connectionEvents.findOne(due, {}, options).sort({ dueAt: 1 }).lean();
  const retried = await connectionEvents.findOne(due, {}, options).sort({ attempts: -1 }).lean();
  const firstEvents = [overdue, retried].flatMap((entry) => (entry ? [firstDueAt(entry)] : []));
  const firstAudit = await grants.findOne({ outboxSince: SET }, {}, options).sort({ outboxSince: 1 }).lean();
  const contested = { 'contest.settleAt': SET };
  const firstContest = await grants.findOne(contested, {}, options).sort({ 'contest.settleAt': 1 }).lean();
  return [
    ...queue('revocations', await pendingRevocations.countDocuments(due, options), now, [
      firstRevocation?.requestedAt,
    ]),
    ...queue('connection_events', await connectionEvents.countDocuments(due, options), now, firstEvents),
    ...queue('audit_outbox', await count(models, { outboxSince: SET }), now, [firstAudit?.outboxSince]),
    ...queue('contests', await count(models, contested), now, [firstContest?.contest?.settleAt]),
  ];
}

/** @param since when the entries that may be the oldest began to wait */
function queue(
  label: (typeof QUEUES)[number],
  entries: number,
  now: Date,
  since: (Date | undefined)[],
): CensusSample[] {
  const waits = since.map((date) => (date ? (now.getTime() - date.getTime()) / 1000 : 0));
  return [
    { figure: 'queue_entries', label, value: entries },
    // What is due in the future has not waited.
    { figure: 'queue_oldest_seconds', label, value: Math.max(0, ...waits) },
  ];
}

/**
 * Which keys sealed the refresh tokens: a sample of those that were refreshed last, and of those whose refresh is the
 * longest ago. A rotation of keys reaches the latter last.
 */
async function countKeys({ grants }: CountedModels): Promise<CensusSample[]> {
  const fields = { zoomRefreshToken: 1 };
  const kids = new Map<string, string>();
  for (const order of [1, -1] as const) {
    const rows = await grants
      .find({ ...ACTIVE, refreshTokenIssuedAt: SET }, fields, { maxTimeMS: QUERY_TIMEOUT_MS })
      .sort({ refreshTokenIssuedAt: order })
      .limit(SEALED_AT_EACH_END)
      // One batch: no cursor has to outlive the first answer.
      .batchSize(SEALED_AT_EACH_END)
      .lean();
    for (const { _id, zoomRefreshToken } of rows)
      if (zoomRefreshToken !== undefined) kids.set(String(_id), keyIdOf(zoomRefreshToken) ?? 'none');
  }
  const counts = new Map<string, number>();
  for (const kid of kids.values()) {
    const label = counts.has(kid) || counts.size < MOST_KEY_IDS ? kid : 'other';
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].map(([label, value]) => ({ figure: 'sealed_values', label, value }));
}
