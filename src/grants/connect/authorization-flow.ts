import { randomBytes } from 'node:crypto';
import { type AuditLog, type Initiator } from '../../audit/audit-log.js';
import { type BackgroundTasks } from '../../lib/background-tasks.js';
import { type Clock } from '../../lib/clock.js';
import { type Logger } from '../../lib/logger.js';
import { type AuthorizationRequest } from '../../models/authorization-request.js';
import {
  type AuthorizationResponse,
  parseAuthorizationResponse,
} from '../../oauth/authorization-response.js';
import { type OAuthClient } from '../../oauth/oauth-client.js';
import { TokenRequestError } from '../../oauth/token-request-error.js';
import { type TokenResponse } from '../../oauth/token-response.js';
import { Secret } from '../../lib/secret.js';
import { writeDurably } from '../../lib/durable-write.js';
import {
  AUTHORIZATION_REQUEST_LIFETIME_MS,
  type AuthorizationRequestStore,
  cookieIdOf,
  sha256Base64url,
} from './authorization-request-store.js';
import {
  type CallbackOutcome,
  type CallbackReason,
  isMisconfigured,
  mayHaveRedeemed,
  reasonOfDenial,
  reasonOfExchangeFailure,
} from './callback-outcome.js';
import { type Connector, type RedeemedCode } from './connector.js';
import { type GrantStore } from '../store/grant-store.js';
import { resolveReturnTo, type ReturnToPolicy } from './return-to.js';
import { sealTokenResponse } from '../token-set.js';
import { type TokenCipher } from '../token-cipher.js';
import { identityFromClaims, type ReadIdentity } from '../zoom-identity.js';

export interface AuthorizationDependencies {
  requests: AuthorizationRequestStore;
  grants: GrantStore;
  connector: Connector;
  oauth: OAuthClient;
  cipher: TokenCipher;
  audit: AuditLog;
  clock: Clock;
  tasks: BackgroundTasks;
  logger: Logger;
  readIdentity: ReadIdentity;
  /** The scopes that this product needs and that were not granted. */
  missingScopes: (granted: readonly string[]) => string[];
  returnTo: ReturnToPolicy;
}

export interface StartedAuthorization {
  authorizationUrl: string;
  expiresAt: Date;
  /** A cookie for the browser that began. The callback demands it. */
  browserBinding: { cookieId: string; value: Secret; maxAgeMs: number };
}

/** How long the browser waits at the callback while the database is away. The tokens are stored all the same. */
const WAIT_FOR_STORE_MS = 10_000;

/** The authorization code flow with PKCE, from the start to the stored grant (RFC 6749 §4.1, RFC 7636, RFC 9700 §2.1). */
export class Authorizations {
  constructor(private readonly dependencies: AuthorizationDependencies) {}

  /** Begins an authorization. @throws AppError `BAD_USER_INPUT` when the origin of `returnTo` is not an allowed one. */
  async start(
    userId: string,
    input: { returnTo?: string; scopes?: string[] },
    initiator: Initiator,
  ): Promise<StartedAuthorization> {
    const { requests, oauth, cipher, clock, audit } = this.dependencies;
    const returnTo = resolveReturnTo(input.returnTo, this.dependencies.returnTo);
    const { authorizationUrl, state, codeVerifier } = await oauth.createAuthorizationRequest(input.scopes);
    const browserBinding = randomBytes(32).toString('base64url');
    const expiresAt = new Date(clock().getTime() + AUTHORIZATION_REQUEST_LIFETIME_MS);
    await requests.create({
      _id: sha256Base64url(state),
      userId,
      codeVerifier: await cipher.seal(codeVerifier, { userId, field: 'codeVerifier' }),
      browserBinding: sha256Base64url(browserBinding),
      returnTo,
      ...(input.scopes && { scopes: input.scopes }),
      ...(initiator.deviceInfo && { deviceInfo: initiator.deviceInfo }),
      expiresAt,
    });
    await audit.record({ type: 'authorization.started', userId, initiator });
    return {
      authorizationUrl,
      expiresAt,
      browserBinding: {
        cookieId: cookieIdOf(state),
        value: new Secret(browserBinding),
        maxAgeMs: AUTHORIZATION_REQUEST_LIFETIME_MS,
      },
    };
  }

  /**
   * Handles Zoom's redirect. Whatever the query holds, the outcome is an address for the browser, never an error.
   * `browserBindingOf` gives the value of the cookie with an id. `mayFail` counts a callback that cannot redeem a code:
   * its state is unknown or expired, or it comes from another browser. False: there were too many, and this one changes
   * nothing.
   */
  async complete(
    query: URLSearchParams,
    browserBindingOf: (cookieId: string) => string | undefined,
    initiator: Initiator,
    mayFail: () => Promise<boolean>,
  ): Promise<CallbackOutcome> {
    const { requests, clock } = this.dependencies;
    const returnTo = this.dependencies.returnTo.defaultReturnTo;
    const unmatched = async (reason: CallbackReason): Promise<CallbackOutcome> => ({
      returnTo,
      reason: (await mayFail()) ? reason : 'try_again',
    });
    const response = parseAuthorizationResponse(query);
    if (response.kind === 'malformed') return unmatched('state_unknown');
    if (response.kind === 'unsolicited')
      return unmatched(response.error === 'access_denied' ? 'access_denied' : 'restart');
    const binding = browserBindingOf(cookieIdOf(response.state));
    const consumed = await requests.consume(response.state, binding, clock());
    if (consumed.kind === 'unknown') return unmatched('state_unknown');
    const { kind, request } = consumed;
    if (kind !== 'consumed' && !(await mayFail())) return { returnTo: request.returnTo, reason: 'try_again' };
    const user: Initiator = { ...initiator, actor: { kind: 'user', id: request.userId } };
    const reason = await (kind === 'consumed'
      ? this.#redeem(response, request, user)
      : this.#fail(request, user, kind === 'expired' ? 'state_expired' : 'browser_mismatch'));
    return { returnTo: request.returnTo, ...(reason && { reason }) };
  }

  async #redeem(
    response: AuthorizationResponse & { kind: 'code' | 'denied' },
    request: AuthorizationRequest,
    initiator: Initiator,
  ): Promise<CallbackReason | undefined> {
    const { oauth, cipher, clock, grants, logger } = this.dependencies;
    const { userId } = request;
    if (response.kind === 'denied') return this.#fail(request, initiator, reasonOfDenial(response));
    const codeVerifier = await cipher.open(request.codeVerifier, { userId, field: 'codeVerifier' });
    const before = await grants.find(userId);
    // defence: redemption-is-noted
    if (before?.isActive) await grants.noteRedemption(before);
    const sentAt = clock();
    try {
      const tokens = await oauth.exchangeAuthorizationCode({ ...response, codeVerifier });
      const moment = { sentAt, generationBefore: before?.grantGeneration, initiator };
      return await this.#connect(request, tokens, moment);
    } catch (error) {
      if (!(error instanceof TokenRequestError)) throw error;
      // defence: redemption-note-is-cleared
      if (before?.isActive && !mayHaveRedeemed(error.failure, clock())) await grants.clearRedemption(before);
      const reason = reasonOfExchangeFailure(error.failure, clock());
      const isAlarm = isMisconfigured(error.failure, clock());
      const facts = { err: error, userId, reason, zoomTrackingId: error.trackingId };
      logger[isAlarm ? 'fatal' : 'warn'](facts, 'code exchange failed');
      return this.#fail(request, initiator, reason, isAlarm ? 'ZOOM_APP_MISCONFIGURED' : reason);
    }
  }

  async #connect(
    { userId, deviceInfo, scopes: requested = [] }: AuthorizationRequest,
    tokens: TokenResponse,
    moment: Pick<RedeemedCode, 'sentAt' | 'generationBefore' | 'initiator'>,
  ): Promise<CallbackReason | undefined> {
    const { cipher, connector, tasks, logger, readIdentity, missingScopes } = this.dependencies;
    const sealed = await sealTokenResponse(cipher, userId, tokens, moment.sentAt);
    const answer = await readIdentity(tokens.accessToken, sealed.zoomApiUrl);
    const identity = answer.kind === 'known' ? answer.identity : identityFromClaims(tokens.accessToken);
    // Scopes that the answer leaves out are as requested (RFC 6749 §5.1).
    const grantedScopes = tokens.scopes.length > 0 ? tokens.scopes : requested;
    const redeemed = {
      newGrant: { userId, ...sealed, ...identity, deviceInfo, grantedScopes },
      ...moment,
      isRevoked: async () => (await readIdentity(tokens.accessToken, sealed.zoomApiUrl)).kind === 'refused',
    };
    const outcome = await writeDurably(tasks, () => connector.connect(redeemed), {
      onFailure: (err, tries) => {
        logger.error({ err, userId, tries }, 'a new grant is not stored yet, trying again');
      },
      waitMs: WAIT_FOR_STORE_MS,
      late: 'not stored yet' as const,
    });
    if (outcome !== 'connected') return 'exchange_failed';
    return missingScopes(tokens.scopes).length > 0 ? 'missing_scope' : undefined;
  }

  async #fail(
    request: AuthorizationRequest,
    initiator: Initiator,
    reason: CallbackReason,
    cause: string = reason,
  ): Promise<CallbackReason> {
    const type = reason === 'access_denied' ? 'authorization.denied' : 'authorization.failed';
    await this.dependencies.audit.record({ type, userId: request.userId, initiator, cause });
    return reason;
  }
}
