import { type DemoSystem } from './demo-system.js';
import { expectEqual, type Step } from './step.js';

const MINUTE_MS = 60_000;
const CALLERS = 100;
const EXPIRY = '{ zoomConnection { accessTokenExpiresAt refreshErrorCount } }';
const PROFILE = '{ zoomProfile { id } }';

/** Token refreshes: before the token expires, and with many callers at once. */
export function refreshSteps({ graphql, sandbox, advance, now, url, secondUrl }: DemoSystem): Step[] {
  const expiry = async () => {
    const { data } = await graphql<{ zoomConnection: { accessTokenExpiresAt: string } }>(EXPIRY);
    return Date.parse(data?.zoomConnection.accessTokenExpiresAt ?? '');
  };
  /** Lets the token expire, then asks for the profile a hundred times at once, spread over the servers. */
  const refreshUnderLoad = async (servers: readonly string[]) => {
    await advance((await expiry()) - now().getTime() + MINUTE_MS);
    await sandbox.resetCounters();
    const answers = await Promise.all(
      Array.from({ length: CALLERS }, (_, caller) =>
        graphql(PROFILE, { url: servers[caller % servers.length] }),
      ),
    );
    const { tokenRequests } = await sandbox.counters();
    const failures = answers.filter(({ errors }) => errors).length;
    expectEqual('the number of failures', failures, 0);
    expectEqual('the number of refresh calls at Zoom', tokenRequests.refreshToken, 1);
    return [
      ['callers', servers.map((server) => `${CALLERS / servers.length} at ${server}`).join(', ')],
      ['refresh calls at Zoom', tokenRequests.refreshToken],
      ['failures', failures],
    ] as const;
  };
  return [
    {
      title: 'A call four minutes before the token expires refreshes it',
      run: async () => {
        const before = await expiry();
        await sandbox.resetCounters();
        await advance(before - now().getTime() - 4 * MINUTE_MS);
        const { errors } = await graphql(PROFILE);
        expectEqual('the error code', errors?.[0]?.extensions.code, undefined);
        const { refreshes } = await sandbox.counters();
        expectEqual('the number of refreshes at Zoom', refreshes.granted, 1);
        const left = Math.round(((await expiry()) - now().getTime()) / MINUTE_MS);
        expectEqual('the minutes that the token has left', left, 60);
        return [
          ['clock', `moved to ${now().toISOString()}, 4 minutes before the end`],
          ['query', 'zoomProfile, and nothing else'],
          ['refresh calls at Zoom', refreshes.granted],
          ['access token', `ends in ${left} minutes`],
        ];
      },
    },
    {
      title: `${CALLERS} callers at once on an expired token`,
      run: async () => [...(await refreshUnderLoad([url]))],
    },
    {
      title: `${CALLERS} callers at once, over two servers on one database`,
      run: async () => [...(await refreshUnderLoad([url, secondUrl]))],
    },
  ];
}
