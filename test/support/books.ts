import { type AuditEvent } from '../../src/models/audit-event.js';
import { type Models } from '../../src/models/database.js';
import { type UserOAuthToken } from '../../src/models/user-oauth-token.js';
import { type Sandbox } from '../../src/dev/sandbox/sandbox.js';
import { type TokenCipher } from '../../src/grants/token-cipher.js';

/** What the database holds for a user, and what the sandbox thinks of it. */
export interface Books {
  isActive: boolean;
  reason: string | undefined;
  /** Whether the stored tokens are alive at the sandbox; undefined when none are stored. */
  refreshTokenLive: boolean | undefined;
  accessTokenLive: boolean | undefined;
  /** The trail: `type` or `type cause`, in the order of their times. */
  events: string[];
}

/** Where the books are kept. */
interface Shelf {
  models: Models;
  cipher: TokenCipher;
  sandbox: Sandbox;
}

/** What a test knows and the server cannot. */
export interface Expectations {
  /** Whose books are compared; default: everybody's. */
  users?: readonly string[];
  /** Users whose tokens are dead at Zoom without anybody having been told yet. */
  deadUnnoticed?: readonly string[];
  /** Acknowledgements of the database were lost: an event may be in the trail uncounted, or still with its grant. */
  acknowledgementsLost?: boolean;
}

/** Everything that can be compared. */
interface View extends Shelf {
  users: readonly string[];
  /** The processes that live. */
  urls: readonly string[];
  /** Whether all processes that ever ran still do, so that their metrics add up to the trail. */
  counted: boolean;
  statusOf(url: string, userId: string): Promise<{ status: string; reason: string | null }>;
}

/** Reads a user's books. */
export async function readBooks({ models, cipher, sandbox }: Shelf, userId: string): Promise<Books> {
  const row = await models.grants.findOne({ userId }).lean();
  const live = async (sealed: string | undefined, field: 'zoomAccessToken' | 'zoomRefreshToken') => {
    if (sealed === undefined) return undefined;
    const token = (await cipher.open(sealed, { userId, field })).reveal();
    return field === 'zoomAccessToken'
      ? sandbox.control.isAccessTokenLive(token)
      : sandbox.control.isRefreshTokenLive(token);
  };
  return {
    isActive: row?.isActive ?? false,
    reason: row?.reason,
    refreshTokenLive: await live(row?.zoomRefreshToken, 'zoomRefreshToken'),
    accessTokenLive: await live(row?.zoomAccessToken, 'zoomAccessToken'),
    events: (await trailOf(models, userId)).map(({ type, cause }) => (cause ? `${type} ${cause}` : type)),
  };
}

/** Whether the platform has accepted every event that was due. */
export async function isEverythingDelivered({ connectionEvents, grants }: Models): Promise<boolean> {
  const ever = { $lte: new Date(8.64e15) };
  return !((await connectionEvents.exists({ dueAt: ever })) ?? (await grants.exists({ outboxSince: ever })));
}

/** All contradictions, each as a sentence. */
export async function findContradictions(view: View, expectations: Expectations): Promise<string[]> {
  const found: string[] = [];
  for (const userId of view.users) {
    const row = await view.models.grants.findOne({ userId }).lean();
    const said = [
      ...(row ? againstTrail(row, await trailOf(view.models, userId), view.counted) : []),
      ...(row ? againstZoom(row, await readBooks(view, userId), expectations) : []),
      ...(await againstCallers(view, userId, row ?? undefined)),
    ];
    found.push(...said.map((what) => `${userId}: ${what}`));
  }
  if (view.counted) found.push(...(await metricsAgainstTrail(view)));
  return found;
}

/** Events that tell what a connection is; the last one must say what the row says. */
const STATES = [
  'grant.authorized',
  'access_token.refreshed',
  'grant.ended',
  'grant.superseded',
  'grant.revoked',
];

function againstTrail(row: UserOAuthToken, published: AuditEvent[], counted: boolean): string[] {
  const { outbox = [] } = row;
  // What a killed process left in the outbox moves to the trail by the next round, or with the next change.
  const left = outbox.filter((event) => !published.some(({ _id }) => _id === event._id));
  const trail = [...published, ...left];
  const last = trail.filter(({ type }) => STATES.includes(type)).at(-1);
  const [expected, actual] = row.isActive
    ? ['a connection', last && ['grant.authorized', 'access_token.refreshed'].includes(last.type)]
    : [row.reason, last?.cause === row.reason];
  const refreshed = trail.filter(({ tokenVersion }) => tokenVersion !== undefined);
  const versions = refreshed.map(({ tokenVersion }) => tokenVersion);
  return [
    ...(actual ? [] : [`the row says ${expected}, the trail ${last?.type} ${last?.cause}`]),
    ...(new Set(versions).size === versions.length ? [] : ['a refresh stands in the trail twice']),
    ...(counted ? outbox.map(({ type }) => `${type} is still in the outbox`) : []),
  ];
}

function againstZoom(row: UserOAuthToken, books: Books, { deadUnnoticed = [] }: Expectations): string[] {
  const isHeld = row.refreshLease !== undefined && row.refreshLease.expiresAt.getTime() > Date.now();
  if (!row.isActive)
    return [
      ...((books.refreshTokenLive ?? books.accessTokenLive ?? false)
        ? ['an ended grant keeps its tokens']
        : []),
      ...(row.reason ? [] : ['an ended grant has no reason']),
    ];
  const alive = books.refreshTokenLive === !deadUnnoticed.includes(row.userId);
  return [
    ...(alive ? [] : [`stored as connected, alive at Zoom: ${books.refreshTokenLive}`]),
    ...(isHeld ? ['a lease is held, and nobody refreshes'] : []),
  ];
}

async function againstCallers(
  view: View,
  userId: string,
  row: UserOAuthToken | undefined,
): Promise<string[]> {
  const [status, reason] = !row
    ? ['NOT_CONNECTED', undefined]
    : [row.isActive ? 'CONNECTED' : row.isRevoked ? 'REVOKED' : 'REAUTHORIZATION_REQUIRED', row.reason];
  const answers = await Promise.all(view.urls.map((url) => view.statusOf(url, userId)));
  return answers
    .filter((told) => told.status !== status || told.reason !== (reason ?? null))
    .map((told) => `told ${told.status} ${told.reason}, stored ${status} ${reason}`);
}

/** The counters of all processes, summed, against the number of events. */
async function metricsAgainstTrail({ models, urls }: View): Promise<string[]> {
  const balance = new Map<string, number>();
  const add = (key: string, n: number) => balance.set(key, (balance.get(key) ?? 0) + n);
  for (const { type, cause } of await models.auditEvents.find({ userId: { $gt: '' } }).lean())
    add(`${type} ${cause ?? ''}`, 1);
  for (const url of urls) {
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const [, type, cause, n] of text.matchAll(
      /^zoom_grant_events_total\{type="([^"]+)",cause="([^"]*)"\} (\d+)$/gm,
    ))
      add(`${type} ${cause}`, -Number(n));
  }
  return (
    [...balance]
      // The trail keeps one failed refresh of a grant an hour; the metric counts them all.
      .filter(([event, difference]) =>
        event.startsWith('refresh.failed ') ? difference > 0 : difference !== 0,
      )
      .map(([event, difference]) => `${event}: ${difference} more in the trail than in the metrics`)
  );
}

async function trailOf(models: Models, userId: string): Promise<AuditEvent[]> {
  return models.auditEvents.find({ userId }).sort({ occurredAt: 1 }).lean();
}
