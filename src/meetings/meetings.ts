import { createHash } from 'node:crypto';
import { type AuditLog } from '../audit/audit-log.js';
import { type AuditEventType } from '../models/audit-event.js';
import { type Clock } from '../lib/clock.js';
import { AppError, badUserInput } from '../lib/errors.js';
import { type MeetingHost } from '../models/hosted-meeting.js';
import { type MeetingCreation } from '../models/meeting-creation.js';
import { type MeetingChanges, type NewMeeting } from '../zoom/meetings/meeting-input.js';
import { checkMeetingChanges, checkNewMeeting } from '../zoom/meetings/meeting-limits.js';
import {
  deleteMeeting,
  getMeeting,
  updateMeeting,
  type ZoomMeetingDetail,
} from '../zoom/meetings/meetings.js';
import { type ZoomRecordingBody } from '../zoom/recordings.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { detailOf } from './google-meet-detail.js';
import { type IdempotentCreations } from './idempotent-creations.js';
import { type MeetingCaller } from './meeting-caller.js';
import { type CreatedMeeting, type MeetingCreator } from './meeting-creator.js';
import { type MeetingOwnership } from './meeting-ownership.js';

/** A request to create a meeting. */
export interface CreationRequest {
  meeting: NewMeeting;
  allowFallback: boolean;
  idempotencyKey?: string | undefined;
}

/** A meeting, or one date of a series. */
export interface MeetingTarget {
  id: string;
  occurrenceId?: string | undefined;
}

const MAX_KEY = 128;

/** The meetings of users, whether they are in the user's own account, in the app's account or at Google. */
export class Meetings {
  constructor(
    private readonly dependencies: {
      ownership: MeetingOwnership;
      creator: MeetingCreator;
      creations: IdempotentCreations;
      audit: AuditLog;
      clock: Clock;
    },
  ) {}

  /**
   * Creates a meeting with the first host that is able to. With an idempotency key, it does so at most once in 24 hours.
   * @throws AppError `BAD_USER_INPUT`, and as {@link MeetingCreator.create} and {@link IdempotentCreations.run}
   */
  async create(caller: MeetingCaller, request: CreationRequest): Promise<CreatedMeeting> {
    const { creator, creations, clock } = this.dependencies;
    const { meeting, allowFallback, idempotencyKey: key } = request;
    const create = async () => {
      checkNewMeeting(meeting, clock());
      const created = await creator.create(caller, meeting, allowFallback);
      await this.#record('meeting.created', caller, created.meeting.id, created.hostedBy);
      return created;
    };
    if (key === undefined) return create();
    if (key === '' || key.length > MAX_KEY)
      throw badUserInput('input.idempotencyKey', `must have 1 to ${MAX_KEY} characters`);
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([meeting, allowFallback]))
      .digest('base64url');
    return creations.run({ userId: caller.userId, key, fingerprint }, create, (first) =>
      this.#replay(caller, first),
    );
  }

  /** Reads one meeting. @throws AppError `BAD_USER_INPUT`, `ZOOM_NOT_FOUND`, and as {@link ZoomAccess.call} */
  async read(caller: MeetingCaller, id: string): Promise<CreatedMeeting> {
    const place = await this.dependencies.ownership.locate(caller, id);
    const { hostedBy } = place;
    const meeting = place.access ? await getMeeting(place.access, id) : detailOf(place.row);
    return { meeting, hostedBy };
  }

  /**
   * Changes a meeting and reads it again. Undefined: it was changed, but could not be read.
   * @throws AppError `BAD_USER_INPUT`, `ZOOM_NOT_FOUND`, and as {@link ZoomAccess.call}
   */
  async update(
    caller: MeetingCaller,
    { id, occurrenceId }: MeetingTarget,
    changes: MeetingChanges,
  ): Promise<CreatedMeeting | undefined> {
    const { ownership, clock } = this.dependencies;
    checkMeetingChanges(changes, clock());
    const { access, hostedBy } = await ownership.locate(caller, id);
    if (!access) throw badUserInput('input.id', 'is a Google Meet space, which holds nothing to change');
    await updateMeeting(access, { id, occurrenceId, changes });
    await this.#record('meeting.updated', caller, id, hostedBy);
    const meeting = await readAgain(access, id);
    return meeting && { meeting, hostedBy };
  }

  /**
   * Deletes a meeting. Google has no deletion: this server forgets the space, and its address stays valid.
   * @throws AppError `BAD_USER_INPUT`, `ZOOM_NOT_FOUND`, and as {@link ZoomAccess.call}
   */
  async delete(caller: MeetingCaller, { id, occurrenceId }: MeetingTarget): Promise<void> {
    const { ownership } = this.dependencies;
    const { access, hostedBy } = await ownership.locate(caller, id);
    if (access) await deleteMeeting(access, id, occurrenceId);
    if (hostedBy !== 'USER' && occurrenceId === undefined) await ownership.forget(id);
    await this.#record('meeting.deleted', caller, id, hostedBy);
  }

  /**
   * The recording of a meeting, by its number or by the UUID of an instance.
   * @throws AppError `BAD_USER_INPUT`, `ZOOM_NOT_FOUND`, and as {@link ZoomAccess.call}
   */
  recording(caller: MeetingCaller, meetingId: string): Promise<ZoomRecordingBody> {
    return this.dependencies.ownership.recording(caller, meetingId);
  }

  async #replay(caller: MeetingCaller, first: MeetingCreation): Promise<CreatedMeeting> {
    const { meetingId = '', fallbackReason } = first;
    const found = await this.read(caller, meetingId);
    return { ...found, ...(fallbackReason && { fallbackReason }) };
  }

  #record(type: AuditEventType, caller: MeetingCaller, meetingId: string, cause: MeetingHost): Promise<void> {
    const { userId, initiator } = caller;
    return this.dependencies.audit.record({ type, userId, initiator, meetingId, cause });
  }
}

async function readAgain(access: ZoomAccess, id: string): Promise<ZoomMeetingDetail | undefined> {
  try {
    return await getMeeting(access, id);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
