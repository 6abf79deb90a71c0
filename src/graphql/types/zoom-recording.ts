import { GraphQLDateTime, GraphQLURL } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { type ZoomRecordingBody } from '../../zoom/recordings.js';
import { partCost } from '../query-cost.js';
import { connectionOf } from './connection.js';
import { dateOrNothing, urlOrNothing } from './wire-values.js';

@ObjectType({
  description: 'One file of a recording. Captions and timelines have little more than an address.',
})
export class ZoomRecordingFile {
  @Field(() => ID, { nullable: true, description: "Zoom's id of the file." })
  id?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: "Zoom's kind of file, e.g. MP4, M4A, CHAT, TRANSCRIPT.",
  })
  fileType?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Extension of the file.' })
  fileExtension?: string | undefined;

  @Field(() => Float, { nullable: true, description: 'Size in bytes.' })
  sizeBytes?: number | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'What is in it, e.g. shared_screen_with_speaker_view.',
  })
  recordingType?: string | undefined;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it begins.' })
  startTime?: Date | undefined;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it ends.' })
  endTime?: Date | undefined;

  @Field(() => String, { nullable: true, description: 'completed, or what Zoom is still doing with it.' })
  status?: string | undefined;

  @Field(() => GraphQLURL, {
    nullable: true,
    description: 'Where a person watches it; may ask for the password.',
  })
  playUrl?: string | undefined;

  @Field(() => GraphQLURL, {
    nullable: true,
    description:
      'Where a program fetches it. Zoom wants an access token there, which this API hands to nobody.',
  })
  downloadUrl?: string | undefined;
}

@ObjectType({ description: 'The cloud recording of one instance of a meeting, read from Zoom now.' })
export class ZoomRecording {
  @Field(() => ID, {
    description:
      "Zoom's number of the meeting; the id of the instance if Zoom does not tell the number. `zoomRecording` takes both.",
  })
  meetingId!: string;

  @Field(() => String, { nullable: true, description: 'Id of the instance that was recorded.' })
  uuid?: string | undefined;

  @Field(() => String, { nullable: true, description: "Zoom's id of the host." })
  hostId?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Topic of the meeting.' })
  topic?: string | undefined;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the meeting began.' })
  startTime?: Date | undefined;

  @Field(() => String, { nullable: true, description: 'IANA time zone of the meeting.' })
  timezone?: string | undefined;

  @Field(() => Int, { nullable: true, description: 'Length in minutes.' })
  durationMinutes?: number | undefined;

  @Field(() => Float, { nullable: true, description: 'Size of all files in bytes.' })
  totalSizeBytes?: number | undefined;

  @Field(() => GraphQLURL, { nullable: true, description: 'Address to share; may ask for the password.' })
  shareUrl?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Passcode that viewers are asked for; null when there is none, and in lists.',
  })
  password?: string | undefined;

  @Field(() => [ZoomRecordingFile], { complexity: partCost, description: 'The files.' })
  files!: ZoomRecordingFile[];
}

export const ZoomRecordingConnection = connectionOf(ZoomRecording, {
  connection: 'A part of the list of recordings, as Relay defines it, the newest month first.',
  edges: 'The recordings.',
  edge: 'A recording and its place in the list.',
  node: 'The recording.',
  totalCount: 'Length of the whole list; null for a range over a month, which Zoom does not count.',
});

export function toZoomRecording(body: ZoomRecordingBody): ZoomRecording {
  return {
    meetingId: body.id,
    uuid: body.uuid,
    hostId: body.host_id,
    topic: body.topic,
    startTime: dateOrNothing(body.start_time, body.timezone),
    timezone: body.timezone,
    durationMinutes: body.duration,
    totalSizeBytes: body.total_size,
    shareUrl: urlOrNothing(body.share_url),
    password: body.password,
    files: body.recording_files.map((file) => toFile(file, body.timezone)),
  };
}

function toFile(
  file: ZoomRecordingBody['recording_files'][number],
  timeZone: string | undefined,
): ZoomRecordingFile {
  return {
    id: file.id,
    fileType: file.file_type,
    fileExtension: file.file_extension,
    sizeBytes: file.file_size,
    recordingType: file.recording_type,
    startTime: dateOrNothing(file.recording_start, timeZone),
    endTime: dateOrNothing(file.recording_end, timeZone),
    status: file.status,
    playUrl: urlOrNothing(file.play_url),
    downloadUrl: urlOrNothing(file.download_url),
  };
}
