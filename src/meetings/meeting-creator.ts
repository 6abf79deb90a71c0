import { type BackgroundTasks } from '../lib/background-tasks.js';
import { type Clock } from '../lib/clock.js';
import { AppError } from '../lib/errors.js';
import { type GoogleMeet } from './google-meet/google-meet.js';
import { GoogleRequestError } from './google-meet/google-request-error.js';
import { type Logger } from '../lib/logger.js';
import { type HostedMeeting, type MeetingHost, type PlatformHost } from '../models/hosted-meeting.js';
import { type FallbackReason } from '../models/meeting-creation.js';
import { untilLanded, withPatience } from '../lib/timing.js';
import { type NewMeeting } from '../zoom/meetings/meeting-input.js';
import { createMeeting, type ZoomMeetingDetail } from '../zoom/meetings/meetings.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { type ZoomCaller, type ZoomClient } from '../zoom/api/zoom-client.js';
import { nextHost, type Refusal, refusalToReport } from './fallback-policy.js';
import { detailOf } from './google-meet-detail.js';
import { type HostedMeetingStore } from './hosted-meeting-store.js';

/** A meeting and in whose account it is. */
export interface CreatedMeeting {
  meeting: ZoomMeetingDetail;
  hostedBy: MeetingHost;
  /** Why it is not in the user's own account. */
  fallbackReason?: FallbackReason;
}

/** What the creation works with. */
export interface CreatorDependencies {
  zoom: ZoomClient;
  /** Absent: the platform hosts nothing at Zoom. */
  app?: ZoomAccess;
  /** Absent: the platform hosts nothing at Google. */
  googleMeet?: GoogleMeet;
  hosted: HostedMeetingStore;
  clock: Clock;
  tasks: BackgroundTasks;
  logger: Logger;
}

/** How long a caller waits for the record of the owner once the meeting is there; it is written until it lands. */
const WAIT_FOR_RECORD_MS = 5_000;

/** Creates meetings with the first host that can: the user's own account, the platform's app, Google Meet. */
export class MeetingCreator {
  constructor(private readonly dependencies: CreatorDependencies) {}

  /**
   * Creates a meeting once. The input has been checked.
   * @throws AppError of the user's own account when no host is left; of a host that failed in passing
   */
  async create(caller: ZoomCaller, meeting: NewMeeting, allowFallback: boolean): Promise<CreatedMeeting> {
    const { app, googleMeet } = this.dependencies;
    const hosts = { allowFallback, app: Boolean(app), googleMeet: Boolean(googleMeet) };
    const refusals: (Refusal & { error: AppError })[] = [];
    for (let host; (host = nextHost(refusals, hosts));) {
      try {
        const created = await this.#createAt(host, caller, meeting);
        const fallbackReason = refusals[0]?.code as FallbackReason | undefined;
        return { meeting: created, hostedBy: host, ...(fallbackReason && { fallbackReason }) };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        refusals.push({ host, code: error.code, error });
      }
    }
    throw refusalToReport(refusals)?.error ?? new AppError('ZOOM_NOT_CONNECTED');
  }

  async #createAt(host: MeetingHost, caller: ZoomCaller, meeting: NewMeeting): Promise<ZoomMeetingDetail> {
    if (host === 'USER') return createMeeting(this.dependencies.zoom.as(caller), meeting);
    if (host === 'GOOGLE_MEET') return this.#createAtGoogle(caller.userId, meeting);
    const created = await createMeeting(this.dependencies.app as ZoomAccess, meeting);
    await this.#recordOwner(this.#ownership(caller.userId, created.id, 'APP'));
    return created;
  }

  async #createAtGoogle(userId: string, meeting: NewMeeting): Promise<ZoomMeetingDetail> {
    const { topic, startTime, durationMinutes, timezone } = meeting;
    const space = await (this.dependencies.googleMeet as GoogleMeet).createSpace().catch((error: unknown) => {
      throw this.#toAppError(error);
    });
    const row = {
      ...this.#ownership(userId, space.id, 'GOOGLE_MEET'),
      joinUrl: space.joinUrl,
      topic,
      ...(startTime && { startTime }),
      ...(durationMinutes !== undefined && { durationMinutes }),
      ...(timezone !== undefined && { timezone }),
    };
    await this.#recordOwner(row);
    return detailOf(row);
  }

  #ownership(userId: string, meetingId: string, hostedBy: PlatformHost): HostedMeeting {
    return { meetingId, userId, hostedBy, createdAt: this.dependencies.clock() };
  }

  /** Without the record nobody could reach the meeting. */
  async #recordOwner(row: HostedMeeting): Promise<void> {
    const { hosted, logger, tasks } = this.dependencies;
    const { userId, meetingId } = row;
    const landing = untilLanded(
      () => hosted.record(row),
      (err, tries) => {
        logger.error({ err, userId, meetingId, tries }, 'owner of a hosted meeting is not stored yet');
      },
    );
    tasks.run(landing);
    await withPatience(landing, WAIT_FOR_RECORD_MS, undefined);
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
