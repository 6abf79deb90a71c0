import { type AuditLog } from '../audit/audit-log.js';
import { type Clock } from '../lib/clock.js';
import { AppError } from '../lib/errors.js';
import { type Logger } from '../lib/logger.js';
import { type HostedMeeting } from '../models/hosted-meeting.js';
import { isMeetingUuid, meetingIdOf } from '../zoom/meetings/meeting-key.js';
import { getRecording, type ZoomRecordingBody } from '../zoom/recordings.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { type MeetingDates, renewal } from './hosted-meeting-policy.js';
import { type HostedMeetingStore } from './hosted-meeting-store.js';
import { type MeetingCaller } from './meeting-caller.js';

/** In whose account a meeting is, and how it is reached. A space at Google cannot be reached: only its row is read. */
export type MeetingPlace =
  | { hostedBy: 'USER'; access: ZoomAccess; row?: undefined }
  | { hostedBy: 'APP'; access: ZoomAccess; row: HostedMeeting }
  | { hostedBy: 'GOOGLE_MEET'; access: undefined; row: HostedMeeting };

/** Knows who owns a meeting. Only its owner can reach a meeting that the platform hosts. */
export class MeetingOwnership {
  constructor(
    private readonly dependencies: {
      app: ZoomAccess | undefined;
      hosted: HostedMeetingStore;
      audit: Pick<AuditLog, 'hasDeletedHostedMeeting'>;
      clock: Clock;
      logger: Logger;
    },
  ) {}

  /**
   * How the caller reaches a meeting. A meeting that the platform does not host for the caller belongs to the caller's own
   * account: so a number that it hosts for another user is treated like one that nobody knows, and nobody can find out
   * which numbers are in use.
   * @throws AppError `ZOOM_NOT_FOUND` when it is hosted for another user and the caller is its host at Zoom,
   * `ZOOM_APP_MISCONFIGURED` when the app that hosts it is no longer configured
   */
  async locate(caller: MeetingCaller, id: string): Promise<MeetingPlace> {
    const { app, hosted } = this.dependencies;
    const row = await hosted.find(meetingIdOf(id));
    if (row?.userId !== caller.userId) {
      // The account of the platform's host holds the meetings of all users.
      if (row?.zoomHostId !== undefined && row.zoomHostId === (await caller.zoomUserId()))
        throw new AppError('ZOOM_NOT_FOUND');
      return { hostedBy: 'USER', access: caller.zoom };
    }
    if (row.hostedBy === 'GOOGLE_MEET') return { hostedBy: 'GOOGLE_MEET', access: undefined, row };
    if (!app) throw new AppError('ZOOM_APP_MISCONFIGURED');
    return { hostedBy: 'APP', access: app, row };
  }

  /** The recording of a meeting, by its number or by the UUID of an instance. @throws AppError as {@link locate} */
  async recording(caller: MeetingCaller, given: string): Promise<ZoomRecordingBody> {
    const id = meetingIdOf(given);
    const place = await this.locate(caller, id);
    if (!place.access) throw new AppError('ZOOM_NOT_FOUND');
    try {
      const recording = await getRecording(place.access, id);
      await this.keep(place, {});
      return recording;
    } catch (error) {
      const hosted = isMeetingUuid(id) ? await this.#hostedRecording(caller, id) : undefined;
      if (hosted) return hosted;
      throw error;
    }
  }

  /** Keeps the record of a hosted meeting that its owner uses. `dates`: as they are known now. Never rejects. */
  async keep({ row }: MeetingPlace, dates: MeetingDates): Promise<void> {
    const { hosted, clock, logger } = this.dependencies;
    const expiresAt = row && renewal(row.expiresAt, clock(), dates);
    if (!expiresAt) return;
    await hosted.keepUntil(row, expiresAt).catch((err: unknown) => {
      logger.warn({ err, meetingId: row.meetingId }, 'the record of a hosted meeting was not renewed');
    });
  }

  /** Removes the record of a user's meeting that was deleted. */
  forget(meetingId: string, userId: string): Promise<void> {
    return this.dependencies.hosted.remove(meetingId, userId);
  }

  /** Whether a meeting was hosted for this user until the user deleted it. */
  wasForgotten(userId: string, meetingId: string): Promise<boolean> {
    return this.dependencies.audit.hasDeletedHostedMeeting(userId, meetingId);
  }

  /** The owner of an instance named by its UUID: only the meeting number in the app's answer tells. */
  async #hostedRecording({ userId }: MeetingCaller, uuid: string): Promise<ZoomRecordingBody | undefined> {
    const { app, hosted } = this.dependencies;
    if (!app) return undefined;
    try {
      const recording = await getRecording(app, uuid);
      return (await hosted.find(recording.id))?.userId === userId ? recording : undefined;
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }
}
