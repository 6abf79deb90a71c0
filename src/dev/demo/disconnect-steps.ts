import { type DemoSystem } from './demo-system.js';
import { expectEqual, type Step } from './step.js';

const REVOKE = 'mutation { revokeZoom { revokedAtZoom connection { status reason nextAction } } }';

/** The user disconnects. */
export function disconnectSteps({ graphql, sandbox }: DemoSystem): Step[] {
  return [
    {
      title: 'The user disconnects: the connection ends here and at Zoom',
      run: async () => {
        const [alive] = (await sandbox.grants()).filter((grant) => grant.alive);
        const { data } = await graphql<{
          revokeZoom: { revokedAtZoom: string; connection: { status: string; reason: string } };
        }>(REVOKE);
        expectEqual('the status', data?.revokeZoom.connection.status, 'REVOKED');
        expectEqual('the outcome at Zoom', data?.revokeZoom.revokedAtZoom, 'REVOKED');
        const after = (await sandbox.grants()).find(({ id }) => id === alive?.id);
        expectEqual('whether the grant is alive at Zoom', after?.alive, false);
        expectEqual('the number of live access tokens at Zoom', after?.accessTokens, 0);
        const { errors } = await graphql('{ zoomProfile { id } }');
        expectEqual('the error code afterwards', errors?.[0]?.extensions.code, 'ZOOM_NOT_CONNECTED');
        return [
          ['mutation', 'revokeZoom'],
          ['status, reason', `${data?.revokeZoom.connection.status}, ${data?.revokeZoom.connection.reason}`],
          ['grant at Zoom', `alive before: ${alive?.alive}, after: ${after?.alive}`],
          ['live tokens at Zoom', `before: ${alive?.accessTokens}, after: ${after?.accessTokens}`],
          ['zoomProfile now', errors?.[0]?.extensions.code ?? ''],
        ];
      },
    },
  ];
}
