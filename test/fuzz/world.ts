import { createHmac } from 'node:crypto';
import { SANDBOX_CLIENT_ID } from '../../src/dev/sandbox/sandbox.js';
import { encodeCursor } from '../../src/relay/cursor.js';
import { FRONTEND, JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET } from '../support/harness.js';
import { type Production } from '../support/production.js';
import { type SeededRandom } from '../support/seeded-random.js';
import { pick } from './mutations.js';

/** How many users take part; the first of them are connected at the start. */
const USERS = 400;
const CONNECTED = 12;
const TOKEN_SECONDS = 6 * 3_600;

/** A begun authorization whose user has consented: the callback's path and query, and the cookie of the browser. */
export interface PendingCallback {
  target: string;
  cookie: string;
}

/** What only a running server can know: users with connections, tokens, meetings, cursors, pending authorizations. */
export class World {
  readonly users = Array.from({ length: USERS }, (_, index) => `fuzz-${index}`);
  /** Numbers of meetings at Zoom. */
  readonly meetingIds: string[] = [];
  /** Real cursors of every list, and forged ones. */
  readonly cursors: string[] = [
    encodeCursor('grants', ['a']),
    encodeCursor('audit', [1, 'x']),
    encodeCursor('meetings', [null, -5, 1e9]),
    encodeCursor('recordings', [{ from: '9999-99-99' }, 0, 30]),
    encodeCursor('', {}),
  ];
  readonly #tokens = new Map<string, string>();
  #zoomUserIds: string[] = [];

  private constructor(
    readonly production: Production,
    private readonly onCanary: (name: string, value: string | undefined) => void,
  ) {}

  /** Connects the first users, and gives each some meetings. */
  static async make(
    production: Production,
    onCanary: (name: string, value: string | undefined) => void,
  ): Promise<World> {
    const world = new World(production, onCanary);
    const { control } = production.sandbox;
    world.#zoomUserIds = Array.from({ length: CONNECTED * 2 }, () => control.addUser().id);
    for (const [index, userId] of world.users.slice(0, CONNECTED).entries()) {
      const zoomUserId = world.#zoomUserIds[index] ?? '';
      world.meetingIds.push(...control.addMeetings(zoomUserId, 35).map(String));
      const callback = await world.consent(userId, zoomUserId);
      const headers = { cookie: callback?.cookie ?? '' };
      await fetch(`${production.server.url}${callback?.target}`, { headers, redirect: 'manual' });
    }
    await world.#readCursors(world.users[0] ?? '');
    return world;
  }

  /** The server's Zoom app. */
  get clientId(): string {
    return SANDBOX_CLIENT_ID;
  }

  user(random: SeededRandom): string {
    return pick(random, this.users.slice(0, random.chance(0.7) ? CONNECTED : USERS));
  }

  zoomUser(random: SeededRandom): string {
    return pick(random, this.#zoomUserIds);
  }

  /** A token of the platform, made once for each user and role. */
  token(userId: string, role: string): string {
    const key = `${role} ${userId}`;
    const token = this.#tokens.get(key) ?? signedToken({ sub: userId, role });
    this.#tokens.set(key, token);
    this.onCanary('bearer token', token);
    return token;
  }

  /** Starts an authorization and consents at Zoom. Undefined when the user has to wait (RATE_LIMITED). */
  async consent(userId: string, zoomUserId: string): Promise<PendingCallback | undefined> {
    const query = `mutation { startZoomAuthorization(input: { returnTo: "${FRONTEND}/" }) { authorizationUrl } }`;
    const answer = await this.#ask(userId, query);
    const { data, errors } = (await answer.json()) as {
      data?: { startZoomAuthorization: { authorizationUrl: string } };
      errors?: { extensions: { code: string } }[];
    };
    if (!data) {
      if (errors?.[0]?.extensions.code === 'RATE_LIMITED') return undefined;
      throw new Error(`a start was answered ${answer.status} ${errors?.[0]?.extensions.code}`);
    }
    const { authorizationUrl } = data.startZoomAuthorization;
    const redirect = new URL(this.production.sandbox.control.approve(authorizationUrl, zoomUserId));
    const [cookie = ''] = (answer.headers.getSetCookie()[0] ?? '').split(';');
    this.onCanary('cookie', cookie.split('=')[1]);
    this.onCanary('code', redirect.searchParams.get('code') ?? undefined);
    return { target: redirect.pathname + redirect.search, cookie };
  }

  async #ask(userId: string, query: string): Promise<Response> {
    return fetch(`${this.production.server.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.token(userId, 'user')}`,
      },
      body: JSON.stringify({ query }),
    });
  }

  async #readCursors(userId: string): Promise<void> {
    for (const list of ['zoomMeetings', 'zoomRecordings', 'zoomAuditEvents']) {
      const text = await (await this.#ask(userId, `{ ${list}(first: 2) { edges { cursor } } }`)).text();
      this.cursors.push(...[...text.matchAll(/"cursor":"([^"]+)"/g)].map(([, cursor = '']) => cursor));
    }
  }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with these claims, well formed or not; `exp` in six hours unless one is given. Signed as HS256. */
export function signedToken(claims: Record<string, unknown>, secret = JWT_SECRET): string {
  const iat = Math.floor(Date.now() / 1000);
  const payload = { iss: JWT_ISSUER, aud: JWT_AUDIENCE, iat, exp: iat + TOKEN_SECONDS, ...claims };
  const content = `${encode({ alg: 'HS256' })}.${encode(payload)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}
