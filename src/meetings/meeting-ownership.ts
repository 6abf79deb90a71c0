import { AppError } from '../lib/errors.js';
import { type HostedMeeting } from '../models/hosted-meeting.js';
import { isMeetingUuid } from '../zoom/meetings/meeting-key.js';
import { getRecording, type ZoomRecordingBody } from '../zoom/recordings.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { type ZoomCaller, type ZoomClient } from '../zoom/api/zoom-client.js';
import { type HostedMeetingStore } from './hosted-meeting-store.js';

/** Where a meeting is, and how it is reached; Google's spaces cannot be called, only their row can be read. */
export type MeetingPlace =
  | { hostedBy: 'USER' | 'APP'; access: ZoomAccess }
  | { hostedBy: 'GOOGLE_MEET'; access: undefined; row: HostedMeeting };

/** Knows whose a meeting is: what the platform hosts is reached by its owner and by nobody else. */
export class MeetingOwnership {
  constructor(
    private readonly dependencies: { zoom: ZoomClient; app?: ZoomAccess; hosted: HostedMeetingStore },
  ) {}

  /**
   * How the caller reaches a meeting. One that nobody owns here is looked for in the user's own account.
   * @throws AppError `ZOOM_NOT_FOUND` when it is hosted for somebody else, `ZOOM_APP_MISCONFIGURED` when the app that
   * hosts it is no longer configured
   */
  async locate(caller: ZoomCaller, id: string): Promise<MeetingPlace> {
    const { zoom, app, hosted } = this.dependencies;
    const row = await hosted.find(id);
    if (!row) return { hostedBy: 'USER', access: zoom.as(caller) };
    if (row.userId !== caller.userId) throw new AppError('ZOOM_NOT_FOUND');
    if (row.hostedBy === 'GOOGLE_MEET') return { hostedBy: 'GOOGLE_MEET', access: undefined, row };
    if (!app) throw new AppError('ZOOM_APP_MISCONFIGURED');
    return { hostedBy: 'APP', access: app };
  }

  /** The recording of a meeting, by its number or by the UUID of an instance. @throws AppError as {@link locate} */
  async recording(caller: ZoomCaller, id: string): Promise<ZoomRecordingBody> {
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

  /** Forgets a meeting that is no more. */
  forget(meetingId: string): Promise<void> {
    return this.dependencies.hosted.remove(meetingId);
  }

  /** A UUID does not say whose it is; the number in the app's answer does. */
  async #hostedRecording({ userId }: ZoomCaller, uuid: string): Promise<ZoomRecordingBody | undefined> {
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
