import { isDuplicateKey } from '../lib/duplicate-key.js';
import { type Models } from '../models/database.js';
import { type HostedMeeting } from '../models/hosted-meeting.js';

/** What not every record has, so that a newer one must not inherit it. */
const OPTIONAL_FIELDS = [
  'zoomHostId',
  'expiresAt',
  'joinUrl',
  'topic',
  'startTime',
  'durationMinutes',
  'timezone',
] as const satisfies readonly (keyof HostedMeeting)[];

/** The meetings that the platform hosts for its users. */
export class HostedMeetingStore {
  constructor(
    private readonly models: Models,
    /**
     * Called when a host has given the number of a recorded meeting to another meeting, so that the former record was
     * replaced. Never rejects.
     */
    private readonly onReplaced: (former: HostedMeeting, meeting: HostedMeeting) => Promise<void>,
  ) {}

  async find(meetingId: string): Promise<HostedMeeting | undefined> {
    return (await this.models.hostedMeetings.findOne({ meetingId }).lean()) ?? undefined;
  }

  /**
   * Records the owner. Recording the same meeting again changes nothing. If the number belongs to an older meeting, that
   * one is gone at its host, and the newer meeting takes its place, whoever the owners are.
   */
  async record(meeting: HostedMeeting): Promise<void> {
    const { meetingId, createdAt } = meeting;
    for (;;) {
      if (await this.#insert(meeting)) return;
      const held = await this.find(meetingId);
      if (held && (isSame(held, meeting) || held.createdAt > createdAt)) return;
      if (!held || !(await this.#replace(held, meeting))) continue;
      if (held.userId !== meeting.userId) await this.onReplaced(held, meeting);
      return;
    }
  }

  /** Keeps the record of a meeting at least until then (UTC). */
  async keepUntil({ meetingId, userId }: HostedMeeting, expiresAt: Date): Promise<void> {
    await this.models.hostedMeetings.updateOne(
      { meetingId, userId, $or: [{ expiresAt: null }, { expiresAt: { $lt: expiresAt } }] },
      { $set: { expiresAt } },
    );
  }

  /** Removes the record of a user's meeting; another user's meeting of this number stays. */
  async remove(meetingId: string, userId: string): Promise<void> {
    await this.models.hostedMeetings.deleteOne({ meetingId, userId });
  }

  /** False when the former record is not as it was read any more. */
  async #replace({ meetingId, userId, createdAt }: HostedMeeting, meeting: HostedMeeting): Promise<boolean> {
    const leftOver = OPTIONAL_FIELDS.filter((field) => meeting[field] === undefined);
    const { matchedCount } = await this.models.hostedMeetings.updateOne(
      { meetingId, userId, createdAt },
      { $set: meeting, $unset: Object.fromEntries(leftOver.map((field) => [field, 1])) },
    );
    return matchedCount === 1;
  }

  /** False when there is a record of this number. */
  async #insert(meeting: HostedMeeting): Promise<boolean> {
    try {
      await this.models.hostedMeetings.create(meeting);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return false;
    }
  }
}

function isSame(one: HostedMeeting, other: HostedMeeting): boolean {
  return one.userId === other.userId && one.createdAt.getTime() === other.createdAt.getTime();
}
