import { Cluster } from '../support/cluster.js';
import { someUser } from '../support/harness.js';
import { APP_ENVIRONMENT } from '../support/meetings.js';

test('50 cold callers over 3 processes cost one token request of the app a process', async () => {
  const cluster = await Cluster.start(3, { sandbox: { tokenLatencyMs: 200 }, env: APP_ENVIRONMENT });
  try {
    const startTime = new Date(Date.now() + 3_600_000).toISOString();
    const create = `mutation { createZoomMeeting(input: { topic: "Consultation", startTime: "${startTime}", durationMinutes: 30 }) { hostedBy } }`;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => cluster.ask(index % 3, someUser(), create)),
    );
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
    expect(new Set(answers.map(({ data }) => data.createZoomMeeting.hostedBy as string))).toEqual(
      new Set(['APP']),
    );
    expect(cluster.sandbox.control.counters().tokenRequests.accountCredentials).toBe(3);
  } finally {
    await cluster.close();
  }
}, 60_000);
