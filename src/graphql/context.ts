import { type Initiator } from '../audit/audit-log.js';
import { type AuditTrail } from '../audit/audit-trail.js';
import { type Clock } from '../lib/clock.js';
import { type MeetingCaller } from '../meetings/meeting-caller.js';
import { type Meetings } from '../meetings/meetings.js';
import { type Authorizations, type StartedAuthorization } from '../grants/connect/authorization-flow.js';
import { type GrantStore } from '../grants/store/grant-store.js';
import { type Revocations } from '../grants/disconnect/revocations.js';
import { type AccessTokens } from '../grants/refresh/access-tokens.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { type ZoomClient } from '../zoom/api/zoom-client.js';
import { actorOf, type Caller, subjectOf } from './caller.js';
import { createLoaders, type Loaders } from './loaders.js';
import { type OperationReport } from './operation.js';

/** The services that resolvers use. There is one set for the process. */
export interface Services {
  grants: GrantStore;
  auditTrail: AuditTrail;
  tokens: AccessTokens;
  authorizations: Authorizations;
  revocations: Revocations;
  zoom: ZoomClient;
  meetings: Meetings;
  clock: Clock;
  missingScopes: (granted: readonly string[]) => string[];
  /** @throws AppError `RATE_LIMITED` */
  limitUser: (operation: 'start' | 'refresh' | 'revoke', userId: string) => Promise<void>;
}

/** What the HTTP layer knows about a request. */
export interface RequestFacts {
  /** The caller, or the reason why the caller is not known. */
  authentication: Caller | Error;
  correlationId: string;
  deviceInfo: { userAgent?: string; ipAddress?: string };
  /** Sets the cookie that the callback demands. */
  bindBrowser: (binding: StartedAuthorization['browserBinding']) => void;
  report: (operation: OperationReport) => void;
}

export class GraphQLContext {
  readonly loaders: Loaders;

  constructor(
    readonly services: Services,
    private readonly facts: RequestFacts,
  ) {
    this.loaders = createLoaders(services.grants, services.zoom, () => this.initiator);
  }

  /** Whether the request carried a valid token. */
  get isSignedIn(): boolean {
    return !(this.facts.authentication instanceof Error);
  }

  /** Tells the HTTP layer how the operation ended. */
  get report(): RequestFacts['report'] {
    return this.facts.report;
  }

  /** @throws AppError `UNAUTHENTICATED` */
  get caller(): Caller {
    const { authentication } = this.facts;
    if (authentication instanceof Error) throw authentication;
    return authentication;
  }

  /** Who acts, in which request and on which device, for the audit trail. @throws AppError `UNAUTHENTICATED` */
  get initiator(): Initiator {
    const { correlationId, deviceInfo } = this.facts;
    return { actor: actorOf(this.caller), correlationId, deviceInfo };
  }

  get bindBrowser(): RequestFacts['bindBrowser'] {
    return this.facts.bindBrowser;
  }

  /** The user that an operation is about. @throws AppError `UNAUTHENTICATED`, `FORBIDDEN` */
  subject(onBehalfOf: string | undefined | null): string {
    return subjectOf(this.caller, onBehalfOf);
  }

  /** The subject as {@link Meetings} needs it. @throws AppError `UNAUTHENTICATED`, `FORBIDDEN` */
  zoomCaller(onBehalfOf: string | undefined | null): MeetingCaller {
    const userId = this.subject(onBehalfOf);
    return { userId, initiator: this.initiator, zoom: this.loaders.zoomAs(userId) };
  }

  /** Zoom as the subject sees it. @throws AppError `UNAUTHENTICATED`, `FORBIDDEN` */
  zoomAs(onBehalfOf: string | undefined | null): ZoomAccess {
    return this.loaders.zoomAs(this.subject(onBehalfOf));
  }
}
