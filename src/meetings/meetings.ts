import { createHash } from 'node:crypto';
import { type AuditLog } from '../audit/audit-log.js';
import { type AuditEventType } from '../models/audit-event.js';
import { type Clock } from '../lib/clock.js';
import { AppError, badUserInput } from '../lib/errors.js';
import { type Logger } from '../lib/logger.js';
import { type MeetingHost } from '../models/hosted-meeting.js';
import { type MeetingCreation } from '../models/meeting-creation.js';
import { type MeetingChanges, type NewMeeting } from '../zoom/meetings/meeting-input.js';
import { checkOccurrenceId, meetingIdOf } from '../zoom/meetings/meeting-key.js';
import { checkMeetingChanges, checkNewMeeting } from '../zoom/meetings/meeting-limits.js';
import { type ZoomMeetingDetail } from '../zoom/meetings/meeting-answer.js';
import {
  deleteMeeting,
  getMeeting,
  isMeetingGone,
  type MeetingTarget,
  updateMeeting,
} from '../zoom/meetings/meetings.js';
import { type ZoomRecordingBody } from '../zoom/recordings.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';
import { detailOf } from './google-meet-detail.js';
import { type IdempotentCreations } from './idempotent-creations.js';
import { type MeetingCaller } from './meeting-caller.js';
import { type CreatedMeeting, type MeetingCreator } from './meeting-creator.js';
import { type MeetingOwnership, type MeetingPlace } from './meeting-ownership.js';

/** A request to create a meeting. */
export interface CreationRequest {
  meeting: NewMeeting;
  allowFallback: boolean;
  idempotencyKey?: string | undefined;
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
      logger: Logger;
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

  /**
   * Reads one meeting, or one date of a series.
   * @throws AppError `BAD_USER_INPUT`, `ZOOM_NOT_FOUND`, and as {@link ZoomAccess.call}
   */
  async read(caller: MeetingCaller, given: MeetingTarget): Promise<CreatedMeeting> {
    const target = knownTarget(given, '');
    const place = await this.dependencies.ownership.locate(caller, target.id);
    const { hostedBy } = place;
    if (!place.access && target.occurrenceId !== undefined) throw withoutDates('');
    const meeting = place.access ? await getMeeting(place.access, target) : detailOf(place.row);
    await this.dependencies.ownership.keep(place, meeting);
    return { meeting, hostedBy };
  }

  /**
   * Changes a meeting, or one date of a series, and reads it again. Once Zoom has changed it this is a success:
   * undefined means that the meeting was changed, but could not be read.
   * @throws AppError `BAD_USER_INPUT`, `ZOOM_NOT_FOUND`, and as {@link ZoomAccess.call}
   */
  async update(
    caller: MeetingCaller,
    given: MeetingTarget,
    changes: MeetingChanges,
  ): Promise<CreatedMeeting | undefined> {
    const { ownership, clock } = this.dependencies;
    const target = knownTarget(given, 'input.');
    checkMeetingChanges(changes, { now: clock(), ofOneDate: target.occurrenceId !== undefined });
    const place = await ownership.locate(caller, target.id);
    const { access, hostedBy } = place;
    if (!access) throw badUserInput('input.id', 'is a Google Meet space, which holds nothing to change');
    await updateMeeting(access, target, changes);
    await this.#record('meeting.updated', caller, target.id, hostedBy);
    const meeting = await this.#readAgain(access, target, caller.userId);
    await ownership.keep(place, meeting ?? {});
    return meeting && { meeting, hostedBy };
  }

  /**
   * Deletes a meeting, or one date of a series. It is a success as well if Zoom says that the meeting does not exist.
   * Google has no deletion: this server forgets the space, and its address stays valid.
   * @throws AppError `BAD_USER_INPUT`, and as {@link ZoomAccess.call}
   */
  async delete(caller: MeetingCaller, given: MeetingTarget): Promise<void> {
    const { ownership } = this.dependencies;
    const target = knownTarget(given, 'input.');
    const place = await ownership.locate(caller, target.id);
    if (!place.access && target.occurrenceId !== undefined) throw withoutDates('input.');
    const wasThere = await this.#deleteAtHost(place, target, caller.userId);
    const isRecorded = place.hostedBy !== 'USER' && target.occurrenceId === undefined;
    if (isRecorded) await ownership.forget(target.id, caller.userId);
    if (wasThere || isRecorded) await this.#record('meeting.deleted', caller, target.id, place.hostedBy);
  }

  /**
   * The recording of a meeting, by its number or by the UUID of an instance.
   * @throws AppError `BAD_USER_INPUT`, `ZOOM_NOT_FOUND`, and as {@link ZoomAccess.call}
   */
  recording(caller: MeetingCaller, meetingId: string): Promise<ZoomRecordingBody> {
    return this.dependencies.ownership.recording(caller, meetingId);
  }

  /** The meeting of the first request. An error says that this meeting was created and cannot be shown now. */
  async #replay(caller: MeetingCaller, first: MeetingCreation): Promise<CreatedMeeting> {
    const { meetingId = '', fallbackReason } = first;
    const found = await this.read(caller, { id: meetingId }).catch((error: unknown) => {
      throw replayError(error);
    });
    return { ...found, ...(fallbackReason && { fallbackReason }) };
  }

  /** False if the meeting or the date was gone already. */
  async #deleteAtHost(place: MeetingPlace, target: MeetingTarget, userId: string): Promise<boolean> {
    if (!place.access) return true;
    try {
      await deleteMeeting(place.access, target);
      return true;
    } catch (error) {
      if (isMeetingGone(error)) return false;
      // After a first deletion no record says that the platform hosted the meeting. So the user's own account was asked,
      // which may not even be connected.
      const { ownership } = this.dependencies;
      if (place.hostedBy === 'USER' && (await ownership.wasForgotten(userId, target.id))) return false;
      throw error;
    }
  }

  async #readAgain(
    access: ZoomAccess,
    target: MeetingTarget,
    userId: string,
  ): Promise<ZoomMeetingDetail | undefined> {
    try {
      return await getMeeting(access, target);
    } catch (error) {
      const reason = error instanceof AppError ? { code: error.code } : { err: error };
      const facts = { ...reason, userId, meetingId: target.id };
      this.dependencies.logger.warn(facts, 'the changed meeting cannot be read again');
      return undefined;
    }
  }

  #record(type: AuditEventType, caller: MeetingCaller, meetingId: string, cause: MeetingHost): Promise<void> {
    const { userId, initiator } = caller;
    return this.dependencies.audit.record({ type, userId, initiator, meetingId, cause });
  }
}

/** Checks what names a meeting; `prefix` stands before the names of the arguments. @throws AppError `BAD_USER_INPUT` */
function knownTarget({ id, occurrenceId }: MeetingTarget, prefix: string): MeetingTarget {
  checkOccurrenceId(occurrenceId, `${prefix}occurrenceId`);
  return { id: meetingIdOf(id), occurrenceId };
}

function withoutDates(prefix: string): AppError {
  return badUserInput(`${prefix}occurrenceId`, 'is not for a Google Meet space, which has no dates');
}

/** The error of a repetition. It always says that the first request created a meeting, or a client creates another. */
function replayError(error: unknown): AppError {
  const created = 'The first request under this idempotencyKey created a meeting';
  const fate = isMeetingGone(error) ? 'that no longer exists.' : 'which cannot be read now.';
  if (!(error instanceof AppError))
    return new AppError('ZOOM_UNAVAILABLE', { message: `${created}, ${fate}`, cause: error });
  const message = isMeetingGone(error) ? `${created} ${fate}` : `${created}, ${fate} ${error.message}`;
  return new AppError(error.code, { ...error.details, message, cause: error });
}
