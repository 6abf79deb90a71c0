import { type DemoSystem } from './demo-system.js';
import { expectEqual, expectThat, type Step, StepFailed } from './step.js';

const PAGE_SIZE = 5;
const MEETINGS = `query Meetings($after: String) { zoomMeetings(first: ${PAGE_SIZE}, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { id topic startTime } } } }`;

interface MeetingsData {
  zoomMeetings: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    edges: { node: { id: string; topic: string; startTime: string | null } }[];
  };
}

/** Calls to Zoom as the connected user. */
export function useSteps({ graphql }: DemoSystem): Step[] {
  const pageAfter = async (after?: string) => {
    const { data, errors } = await graphql<MeetingsData>(MEETINGS, { variables: { after } });
    expectEqual('the error code', errors?.[0]?.extensions.code, undefined);
    if (!data) throw new StepFailed('the answer has data');
    return data.zoomMeetings;
  };
  return [
    {
      title: 'The profile at Zoom',
      run: async () => {
        const { data } = await graphql<{
          zoomProfile: { displayName: string; type: string; timezone: string };
        }>('{ zoomProfile { displayName type timezone } }');
        expectThat('there is a profile', data?.zoomProfile !== undefined);
        return [
          ['query', 'zoomProfile'],
          ['displayName', data?.zoomProfile.displayName ?? ''],
          ['type, timezone', `${data?.zoomProfile.type}, ${data?.zoomProfile.timezone}`],
        ];
      },
    },
    {
      title: 'Two pages of upcoming meetings',
      run: async () => {
        const first = await pageAfter();
        expectEqual('whether another page follows', first.pageInfo.hasNextPage, true);
        const second = await pageAfter(first.pageInfo.endCursor);
        const ids = new Set([...first.edges, ...second.edges].map(({ node }) => node.id));
        expectEqual('the number of different meetings', ids.size, 2 * PAGE_SIZE);
        const topics = ({ edges }: MeetingsData['zoomMeetings']) =>
          edges.map(({ node }) => node.topic).join(', ');
        return [
          ['query', `zoomMeetings(first: ${PAGE_SIZE}), ${first.totalCount} in all`],
          ['page 1', topics(first)],
          ['page 2 (after: …)', topics(second)],
        ];
      },
    },
  ];
}
