import { isDuplicateKey } from '../lib/duplicate-key.js';
import { type Models } from '../models/database.js';
import { type HostedMeeting } from '../models/hosted-meeting.js';

/** The meetings that the platform hosts for its users. */
export class HostedMeetingStore {
  constructor(private readonly models: Models) {}

  async find(meetingId: string): Promise<HostedMeeting | undefined> {
    return (await this.models.hostedMeetings.findOne({ meetingId }).lean()) ?? undefined;
  }

  /** Records the owner. Recording the same meeting again changes nothing. */
  async record(meeting: HostedMeeting): Promise<void> {
    try {
      await this.models.hostedMeetings.create(meeting);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async remove(meetingId: string): Promise<void> {
    await this.models.hostedMeetings.deleteOne({ meetingId });
  }
}
