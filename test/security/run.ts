import { type PassingRequest } from '../support/tls-proxy.js';
import { Canaries } from '../support/canaries.js';
import { FRONTEND, tokenFor } from '../support/harness.js';
import { type Production, startProduction } from '../support/production.js';
import { recordWrites, storedDocuments, type StoredValue } from '../support/stored-values.js';

/** A text that the server has let out, and where. */
export interface Exit {
  place: string;
  text: string;
}

/** What every request of the run carries, to be found again where it does not belong. */
export const BROWSER = 'CanaryBrowser/7.31 (a browser of nobody)';
export const ADDRESS = '203.0.113.77';

/** Fields of Zoom's answers that are secrets, by the name that a report shows. */
const SECRET_FIELDS: Record<string, string> = {
  access_token: 'access token',
  refresh_token: 'refresh token',
  encrypted_password: 'passcode in a join link',
  download_access_token: 'token for downloads',
};
/** Fields of forms to Zoom that are secrets. */
const SECRET_PARAMETERS: Record<string, string> = {
  code: 'code',
  code_verifier: 'PKCE verifier',
  refresh_token: 'refresh token',
  token: 'access token',
};

/**
 * A server in production mode between a client and a Zoom that are watched. It collects every secret that is used, and
 * every text that leaves.
 */
export class WatchedRun {
  readonly canaries = new Canaries();
  readonly #exits: Exit[] = [];
  readonly #writes: StoredValue[];
  readonly #log: string[];

  private constructor(
    readonly production: Production,
    log: string[],
  ) {
    this.#log = log;
    this.#writes = recordWrites(production.database);
    for (const [name, secret] of Object.entries(production.secrets)) this.canaries.add(name, secret);
    this.canaries.add('browser', BROWSER);
    this.canaries.add('address', ADDRESS);
    production.zoom.watch = (asked, { body }) => {
      this.#collectFromRequest(asked);
      this.#collectFromAnswer(body);
    };
  }

  static async start(): Promise<WatchedRun> {
    const log: string[] = [];
    const production = await startProduction({ logLevel: 'trace', onOutput: (text) => log.push(text) });
    return new WatchedRun(production, log);
  }

  /** Sends a request as the browser of the run; what comes back is an exit. */
  async send(
    label: string,
    path: string,
    init: RequestInit = {},
  ): Promise<{ answer: Response; text: string }> {
    const headers = new Headers(init.headers);
    headers.set('user-agent', BROWSER);
    headers.set('x-forwarded-for', ADDRESS);
    const answer = await fetch(`${this.production.server.url}${path}`, {
      redirect: 'manual',
      ...init,
      headers,
    });
    const text = await answer.text();
    const place = `answer to ${label}`;
    this.#exits.push({ place, text }, { place, text: JSON.stringify([...answer.headers]) });
    return { answer, text };
  }

  /** Runs an operation as a user. The bearer token is a secret of the run too. */
  async ask(userId: string, label: string, query: string, variables = {}) {
    const token = await tokenFor(() => new Date(), userId);
    this.canaries.add('bearer token', token);
    const { answer, text } = await this.send(label, '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    // Tests know what they asked for.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    return { answer, body: JSON.parse(text) as { data: any; errors?: { extensions: { code: string } }[] } };
  }

  /**
   * Begins an authorization: the callback's path with code and state, the cookie, and the header that sets it. Code, state
   * and cookie are secrets.
   */
  async begin(
    userId: string,
    zoomUserId: string,
  ): Promise<{ callback: string; cookie: string; setCookie: string }> {
    const start = `mutation { startZoomAuthorization(input: { returnTo: "${FRONTEND}/" }) { authorizationUrl } }`;
    const { answer, body } = await this.ask(userId, 'start', start);
    const authorizationUrl = body.data.startZoomAuthorization.authorizationUrl as string;
    const [setCookie = ''] = answer.headers.getSetCookie();
    const [cookie = ''] = setCookie.split(';');
    this.canaries.add('cookie', cookie.split('=')[1]);
    this.canaries.add('state', new URL(authorizationUrl).searchParams.get('state') ?? undefined);
    const redirect = new URL(this.production.sandbox.control.approve(authorizationUrl, zoomUserId));
    this.canaries.add('code', redirect.searchParams.get('code') ?? undefined);
    return { callback: redirect.pathname + redirect.search, cookie, setCookie };
  }

  /** Every exit so far: answers, log, metrics, events to the platform, and what was or is stored. */
  async exits(): Promise<Exit[]> {
    const { production } = this;
    const collections = new Set(this.#writes.map(({ collection }) => collection));
    const stored = await storedDocuments(production.mongodbUri, collections);
    return [
      ...this.#exits,
      ...this.#log
        .join('')
        .split('\n')
        .map((text) => ({ place: 'log', text })),
      { place: 'metrics', text: await production.metrics() },
      ...production.events.received.map(({ body, headers }) => ({
        place: 'event to the platform',
        text: body + JSON.stringify(headers),
      })),
      ...[...this.#writes, ...stored].map(({ collection, text }) => ({
        place: `stored in ${collection}`,
        text,
      })),
    ];
  }

  #collectFromRequest({ headers, body, path }: PassingRequest): void {
    this.canaries.add('authorization of a request to Zoom', headers.authorization?.split(' ')[1]);
    if (!path.startsWith('/oauth')) return;
    for (const [parameter, value] of new URLSearchParams(body)) {
      const name = SECRET_PARAMETERS[parameter];
      if (name !== undefined) this.canaries.add(name, value);
    }
  }

  #collectFromAnswer(body: string): void {
    for (const [, field = '', value = ''] of body.matchAll(/"(\w+)":"([^"]+)"/g)) {
      const name = SECRET_FIELDS[field];
      if (name !== undefined) this.canaries.add(name, value);
    }
    this.canaries.add('token of a start link', /[?&]zak=([^"&]+)/.exec(body)?.[1]);
  }
}
