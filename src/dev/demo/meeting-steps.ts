import { type Answer, type DemoSystem } from './demo-system.js';
import { expectEqual, expectThat, type Step } from './step.js';

const DAY_MS = 86_400_000;
const CREATE = `mutation Create($input: CreateZoomMeetingInput!) { createZoomMeeting(input: $input) {
  hostedBy fallbackReason meeting { id topic startTime joinUrl } } }`;
const RECORDINGS = `query Recordings($from: Date, $to: Date, $after: String) {
  zoomRecordings(from: $from, to: $to, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } edges { node { startTime files { fileType } } } } }`;

interface CreateData {
  createZoomMeeting: {
    hostedBy: string;
    fallbackReason: string | null;
    meeting: { id: string; topic: string; joinUrl: string };
  };
}
interface RecordingsData {
  zoomRecordings: {
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    edges: { node: { startTime: string; files: unknown[] } }[];
  };
}

/** Meetings in the user's account, in the platform's account, and refused; recordings of three months. */
export function meetingSteps({ graphql, sandbox, userId, now }: DemoSystem): Step[] {
  const stranger = 'user-without-zoom';
  const create = (as: string, more: object = {}): Promise<Answer<CreateData>> => {
    const startTime = new Date(now().getTime() + DAY_MS).toISOString();
    const input = { topic: 'First session', startTime, durationMinutes: 45, ...more };
    return graphql<CreateData>(CREATE, { variables: { input }, userId: as });
  };
  const recordings = async (from: string, to: string) => {
    const found: RecordingsData['zoomRecordings']['edges'] = [];
    let page: RecordingsData['zoomRecordings']['pageInfo'] | undefined;
    do {
      const variables = { from, to, after: page?.endCursor };
      const { data, errors } = await graphql<RecordingsData>(RECORDINGS, { variables });
      expectEqual('the error code', errors?.[0]?.extensions.code, undefined);
      found.push(...(data?.zoomRecordings.edges ?? []));
      page = data?.zoomRecordings.pageInfo;
    } while (page?.hasNextPage);
    return found.map(({ node }) => node);
  };
  return [
    {
      title: 'A connected user: the meeting is in their own account',
      run: async () => {
        const { data } = await create(userId);
        const created = data?.createZoomMeeting;
        expectEqual('the host', created?.hostedBy, 'USER');
        return [
          ['mutation', `createZoomMeeting, as ${userId}`],
          ['hostedBy', created?.hostedBy ?? ''],
          ['joinUrl', created?.meeting.joinUrl ?? ''],
        ];
      },
    },
    {
      title: 'A user without Zoom: the platform hosts, and the answer says so',
      run: async () => {
        const { data } = await create(stranger);
        const created = data?.createZoomMeeting;
        expectEqual('the host', created?.hostedBy, 'APP');
        expectEqual('the reason', created?.fallbackReason, 'ZOOM_NOT_CONNECTED');
        return [
          ['mutation', `createZoomMeeting, as ${stranger}`],
          ['hostedBy', `${created?.hostedBy}, because ${created?.fallbackReason}`],
          ['joinUrl', created?.meeting.joinUrl ?? ''],
        ];
      },
    },
    {
      title: 'Where the platform may not step in: a typed refusal',
      run: async () => {
        await sandbox.resetCounters();
        const { errors } = await create(stranger, { allowFallback: false });
        const code = errors?.[0]?.extensions.code;
        expectEqual('the error code', code, 'ZOOM_NOT_CONNECTED');
        const { apiRequests } = await sandbox.counters();
        expectEqual('the number of calls to Zoom', apiRequests, 0);
        return [
          ['mutation', `createZoomMeeting(allowFallback: false), as ${stranger}`],
          ['error', `${code}: ${errors?.[0]?.message}`],
          ['calls to Zoom', apiRequests],
        ];
      },
    },
    {
      title: 'Recordings of three months; Zoom gives one month at a time',
      run: async () => {
        const [to, from] = [0, 90].map((days) =>
          new Date(now().getTime() - days * DAY_MS).toISOString().slice(0, 10),
        ) as [string, string];
        await sandbox.resetCounters();
        const found = await recordings(from, to);
        const months = new Set(found.map(({ startTime }) => startTime.slice(0, 7)));
        expectThat('there are recordings of more than one month', months.size > 1);
        const { apiRequests } = await sandbox.counters();
        return [
          ['query', `zoomRecordings(from: ${from}, to: ${to})`],
          ['found', `${found.length}, of ${[...months].sort().join(', ')}`],
          ['calls to Zoom', apiRequests],
        ];
      },
    },
  ];
}
