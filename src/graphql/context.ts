import { type Initiator } from '../audit/audit-log.js';
import { type AccessLog } from '../audit/access-log.js';
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
  access: AccessLog;
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

/** The refused caller chose the text, so only so much of it is logged. A user id has at most 256 characters. */
const LONGEST_LOGGED_ID = 256;

export class GraphQLContext {
  readonly loaders: Loaders;
  // Apollo Server copies the context, and a copy has no #fields.
  private readonly refusedFields = new Set<string>();

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

  /** Leaves a trace if a field is asked for another user. @throws AppError as {@link subject} */
  async noteOnBehalf(field: string, onBehalfOf: string): Promise<void> {
    const subject = this.subject(onBehalfOf);
    if (subject === this.caller.userId) return;
    await this.services.access.noteOnBehalf(subject, { field, initiator: this.initiator });
  }

  /** Leaves a trace of an admin who lists data of many users. @throws AppError `UNAUTHENTICATED` */
  noteListing(field: string): Promise<void> {
    return this.services.access.noteListing(this.caller.userId, { field, initiator: this.initiator });
  }

  /** Logs and counts that a field was refused, once in a request however often it is asked for. */
  noteRefusal(field: string, onBehalfOf: string | undefined): void {
    if (this.refusedFields.has(field)) return;
    this.refusedFields.add(field);
    const subject = onBehalfOf?.slice(0, LONGEST_LOGGED_ID);
    this.services.access.noteRefusal(subject, { field, initiator: this.initiator });
  }

  /** The subject as {@link Meetings} needs it. @throws AppError `UNAUTHENTICATED`, `FORBIDDEN` */
  zoomCaller(onBehalfOf: string | undefined | null): MeetingCaller {
    const userId = this.subject(onBehalfOf);
    const zoomUserId = async () => {
      const grant = await this.loaders.grants.load(userId);
      return grant?.isActive ? grant.zoomUserId : undefined;
    };
    return { userId, initiator: this.initiator, zoom: this.loaders.zoomAs(userId), zoomUserId };
  }

  /** Zoom as the subject sees it. @throws AppError `UNAUTHENTICATED`, `FORBIDDEN` */
  zoomAs(onBehalfOf: string | undefined | null): ZoomAccess {
    return this.loaders.zoomAs(this.subject(onBehalfOf));
  }
}
