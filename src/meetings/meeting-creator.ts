import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { writeDurably } from '../lib/durable-write.js';
import { AppError } from '../lib/errors.js';
import { type GoogleMeet } from './google-meet/google-meet.js';
import { GoogleRequestError } from './google-meet/google-request-error.js';
import { type Logger } from '../lib/logger.js';
import { type HostedMeeting, type MeetingHost } from '../models/hosted-meeting.js';
import { type FallbackReason } from '../models/meeting-creation.js';
import { type NewMeeting } from '../zoom/meetings/meeting-input.js';
import { type ZoomMeetingDetail } from '../zoom/meetings/meeting-answer.js';
import { createMeeting } from '../zoom/meetings/meetings.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { isFallbackReason, nextHost, type Refusal, refusalToReport } from './fallback-policy.js';
import { detailOf } from './google-meet-detail.js';
import { type HostedMeetingStore } from './hosted-meeting-store.js';
import { type MeetingCaller } from './meeting-caller.js';

/** A meeting and in whose account it is. */
export interface CreatedMeeting {
  meeting: ZoomMeetingDetail;
  hostedBy: MeetingHost;
  /** Why it is not in the user's own account. */
  fallbackReason?: FallbackReason;
}

export interface CreatorDependencies {
  /** Undefined: the platform hosts nothing at Zoom. */
  app: ZoomAccess | undefined;
  /** Undefined: the platform hosts nothing at Google. */
  googleMeet: GoogleMeet | undefined;
  hosted: HostedMeetingStore;
  /** Counts a meeting that the platform is to host for a user. @throws AppError `RATE_LIMITED` */
  limitHosted: (userId: string) => Promise<void>;
  clock: Clock;
  tasks: BackgroundTasks;
  logger: Logger;
}

/** How long a caller waits for the record of the owner. The write itself is retried until it succeeds. */
const WAIT_FOR_RECORD_MS = 5_000;

/** Creates meetings with the first host that is able to: the user's own account, the platform's app, Google Meet. */
export class MeetingCreator {
  constructor(private readonly dependencies: CreatorDependencies) {}

  /**
   * Creates a meeting once. The input has been checked.
   * @throws AppError of the user's own account when no host is left, or of a host that had a transient failure;
   * `RATE_LIMITED` when the platform has hosted too many meetings for this user
   */
  async create(caller: MeetingCaller, meeting: NewMeeting, allowFallback: boolean): Promise<CreatedMeeting> {
    const { app, googleMeet, limitHosted } = this.dependencies;
    const hosts = { allowFallback, app: app !== undefined, googleMeet: googleMeet !== undefined };
    const refusals: (Refusal & { error: AppError })[] = [];
    for (let host; (host = nextHost(refusals, hosts));) {
      // Counted once, whichever of the platform's hosts creates it in the end.
      if (refusals.length === 1) await limitHosted(caller.userId);
      try {
        const created = await this.#createAt(host, caller, meeting);
        const reason = refusals[0]?.code;
        const fallback = reason && isFallbackReason(reason) ? { fallbackReason: reason } : {};
        return { meeting: created, hostedBy: host, ...fallback };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        refusals.push({ host, code: error.code, error });
      }
    }
    throw refusalToReport(refusals)?.error ?? new AppError('ZOOM_NOT_CONNECTED');
  }

  async #createAt(host: MeetingHost, caller: MeetingCaller, meeting: NewMeeting): Promise<ZoomMeetingDetail> {
    const { app, googleMeet } = this.dependencies;
    if (host === 'APP' && app) return this.#createInApp(app, caller.userId, meeting);
    if (host === 'GOOGLE_MEET' && googleMeet) return this.#createAtGoogle(googleMeet, caller.userId, meeting);
    return createMeeting(caller.zoom, meeting);
  }

  async #createInApp(app: ZoomAccess, userId: string, meeting: NewMeeting): Promise<ZoomMeetingDetail> {
    const created = await createMeeting(app, meeting);
    const createdAt = this.dependencies.clock();
    await this.#recordOwner({ userId, meetingId: created.id, hostedBy: 'APP', createdAt });
    return created;
  }

  async #createAtGoogle(google: GoogleMeet, userId: string, meeting: NewMeeting): Promise<ZoomMeetingDetail> {
    const { topic, startTime, durationMinutes, timezone } = meeting;
    const space = await google.createSpace().catch((error: unknown) => {
      throw this.#toAppError(error);
    });
    const row = {
      userId,
      meetingId: space.id,
      hostedBy: 'GOOGLE_MEET' as const,
      createdAt: this.dependencies.clock(),
      joinUrl: space.joinUrl,
      topic,
      ...(startTime && { startTime }),
      ...(durationMinutes !== undefined && { durationMinutes }),
      ...(timezone !== undefined && { timezone }),
    };
    await this.#recordOwner(row);
    return detailOf(row);
  }

  /** Without this record nobody could reach the meeting. */
  async #recordOwner(row: HostedMeeting): Promise<void> {
    const { hosted, logger, tasks } = this.dependencies;
    const { userId, meetingId } = row;
    await writeDurably(tasks, () => hosted.record(row), {
      onFailure: (err, tries) => {
        logger.error({ err, userId, meetingId, tries }, 'the owner of a hosted meeting is not stored yet');
      },
      waitMs: WAIT_FOR_RECORD_MS,
      late: undefined,
    });
  }

  #toAppError(error: unknown): unknown {
    if (!(error instanceof GoogleRequestError)) return error;
    const level = error.isConfiguration ? 'fatal' : 'warn';
    this.dependencies.logger[level]({ err: error }, 'Google Meet call failed');
    if (error.isConfiguration)
      return new AppError('ZOOM_APP_MISCONFIGURED', {
        message: "Google refuses this server's service account. The operator has to act.",
      });
    return new AppError('ZOOM_UNAVAILABLE', {
      message: 'Google Meet cannot be reached at the moment.',
      ...(!error.withoutEffect && { outcomeUnknown: true as const }),
    });
  }
}
