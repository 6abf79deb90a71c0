// RFC 7009 §2.2: a token that the server does not know is no error.
import { type Harness, someUser, startHarness } from '../support/harness.js';

describe('a token that Zoom does not know', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.close());

  test('is revoked all the same: the user is told REVOKED and the trail says so', async () => {
    const userId = someUser();
    const { zoomUserId } = await harness.connect(userId);
    await harness.sandbox.control.uninstall(zoomUserId);
    const { data } = await harness.graphql(
      userId,
      'mutation { revokeZoom { revokedAtZoom connection { status } } }',
    );
    expect(data.revokeZoom).toEqual({ revokedAtZoom: 'REVOKED', connection: { status: 'REVOKED' } });
    const completed = await harness.database.models.auditEvents
      .find({ userId, type: 'revocation.completed' })
      .lean();
    expect(completed).toHaveLength(1);
  });
});
