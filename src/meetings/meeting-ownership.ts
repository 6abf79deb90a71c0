import { type AuditLog } from '../audit/audit-log.js';
import { AppError } from '../lib/errors.js';
import { type HostedMeeting } from '../models/hosted-meeting.js';
import { isMeetingUuid, meetingIdOf } from '../zoom/meetings/meeting-key.js';
import { getRecording, type ZoomRecordingBody } from '../zoom/recordings.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { type HostedMeetingStore } from './hosted-meeting-store.js';
import { type MeetingCaller } from './meeting-caller.js';

/** In whose account a meeting is, and how it is reached. A space at Google cannot be reached: only its row is read. */
export type MeetingPlace =
  | { hostedBy: 'USER' | 'APP'; access: ZoomAccess }
  | { hostedBy: 'GOOGLE_MEET'; access: undefined; row: HostedMeeting };

/** Knows who owns a meeting. Only its owner can reach a meeting that the platform hosts. */
export class MeetingOwnership {
  constructor(
    private readonly dependencies: {
      app: ZoomAccess | undefined;
      hosted: HostedMeetingStore;
      audit: Pick<AuditLog, 'hasDeletedHostedMeeting'>;
    },
  ) {}

  /**
   * How the caller reaches a meeting. A meeting that the platform does not host belongs to the user's own account.
   * @throws AppError `ZOOM_NOT_FOUND` when it is hosted for another user, `ZOOM_APP_MISCONFIGURED` when the app that
   * hosts it is no longer configured
   */
  async locate(caller: MeetingCaller, id: string): Promise<MeetingPlace> {
    const { app, hosted } = this.dependencies;
    const row = await hosted.find(meetingIdOf(id));
    if (!row) return { hostedBy: 'USER', access: caller.zoom };
    if (row.userId !== caller.userId) throw new AppError('ZOOM_NOT_FOUND');
    if (row.hostedBy === 'GOOGLE_MEET') return { hostedBy: 'GOOGLE_MEET', access: undefined, row };
    if (!app) throw new AppError('ZOOM_APP_MISCONFIGURED');
    return { hostedBy: 'APP', access: app };
  }

  /** The recording of a meeting, by its number or by the UUID of an instance. @throws AppError as {@link locate} */
  async recording(caller: MeetingCaller, given: string): Promise<ZoomRecordingBody> {
    const id = meetingIdOf(given);
    const { access } = await this.locate(caller, id);
    if (!access) throw new AppError('ZOOM_NOT_FOUND');
    try {
      return await getRecording(access, id);
    } catch (error) {
      const hosted = isMeetingUuid(id) ? await this.#hostedRecording(caller, id) : undefined;
      if (hosted) return hosted;
      throw error;
    }
  }

  /** Removes the record of a meeting that was deleted. */
  forget(meetingId: string): Promise<void> {
    return this.dependencies.hosted.remove(meetingId);
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
