import { type GraphQLAnswer, type Harness, someUser, startHarness } from '../support/harness.js';

const REFRESH = 'mutation { refreshZoomToken { connection { status } } }';
const REVOKE = 'mutation { revokeZoom { revokedAtZoom } }';
const TRAIL = `query ($first: Int! = 50, $after: String, $onBehalfOf: ID) {
  zoomAuditEvents(first: $first, after: $after, onBehalfOf: $onBehalfOf) {
    edges { cursor node { id type occurredAt userId actor { kind id } cause zoomUserId ipAddress userAgent correlationId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
const GRANTS = `query ($status: ZoomConnectionStatus, $first: Int! = 50, $after: String) {
  zoomGrants(status: $status, first: $first, after: $after) {
    edges { cursor node { userId status reason } } pageInfo { hasNextPage endCursor } } }`;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const nodesOf = (connection: { edges: { node: Record<string, unknown> }[] }) =>
  connection.edges.map(({ node }) => node);
const extensionsOf = ({ errors }: GraphQLAnswer) => errors?.map(({ extensions }) => extensions);

/** All parts of a list, one after the other, as arrays of nodes. */
async function* partsOf(name: string, ask: (variables: object) => Promise<GraphQLAnswer>) {
  let after: string | undefined;
  for (;;) {
    const { data } = await ask({ after });
    const { pageInfo } = data[name];
    yield nodesOf(data[name]);
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

describe('zoomAuditEvents', () => {
  const trailOf = async (userId: string, variables: object = {}, asking = userId, role?: string) =>
    harness.graphql(asking, TRAIL, { variables, ...(role && { role }) });
  const typesOf = async (userId: string) =>
    nodesOf((await trailOf(userId)).data.zoomAuditEvents).map(({ type, cause }) => [type, cause]);

  /** A user who has connected, refreshed and disconnected. */
  async function formerUser(): Promise<string> {
    const userId = someUser();
    await harness.connect(userId);
    await harness.graphql(userId, REFRESH);
    await harness.graphql(userId, REVOKE);
    return userId;
  }

  test('a user reads what happened to their connection, the newest first', async () => {
    const userId = await formerUser();
    harness.sandbox.control.resetCounters();
    expect(await typesOf(userId)).toEqual([
      ['REVOCATION_COMPLETED', 'REVOKED'],
      ['GRANT_REVOKED', 'REVOKED_BY_USER'],
      ['ACCESS_TOKEN_REFRESHED', 'USER_REQUEST'],
      ['GRANT_AUTHORIZED', null],
      ['AUTHORIZATION_STARTED', null],
    ]);
    expect(harness.sandbox.control.requests()).toEqual([]);
  });

  test('an event says who did it, from where, and in which request', async () => {
    const userId = await formerUser();
    const [node] = nodesOf((await trailOf(userId, { first: 1 })).data.zoomAuditEvents);
    expect(node).toMatchObject({ userId, actor: { kind: 'USER', id: userId }, ipAddress: '127.0.0.1' });
    expect(node?.['correlationId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('parts follow each other without gap or overlap, also within one instant', async () => {
    const userId = await formerUser();
    const { auditEvents } = harness.database.models;
    const event: object | null = await auditEvents.findOne({ userId, type: 'grant.authorized' }).lean();
    await auditEvents.create(['x', 'y', 'z'].map((id) => ({ ...event, _id: `${userId} ${id}` })));
    const parts: unknown[][] = [];
    for await (const part of partsOf('zoomAuditEvents', (rest) => trailOf(userId, { first: 2, ...rest })))
      parts.push(part.map(({ id }) => id));
    expect(parts.map((part) => part.length)).toEqual([2, 2, 2, 2]);
    const all = nodesOf((await trailOf(userId)).data.zoomAuditEvents).map(({ id }) => id);
    expect(parts.flat()).toEqual(all);
    expect(new Set(all).size).toBe(8);
  });

  test('an event that its process did not live to publish is there', async () => {
    const userId = someUser();
    await harness.connect(userId);
    const { auditEvents, grants } = harness.database.models;
    const lost = await auditEvents.findOneAndDelete({ userId, type: 'grant.authorized' }).lean();
    await grants.updateOne({ userId }, { $set: { outbox: [lost], outboxSince: lost?.occurredAt } });
    expect(await typesOf(userId)).toEqual([
      ['GRANT_AUTHORIZED', null],
      ['AUTHORIZATION_STARTED', null],
    ]);
  });

  test('a user who never connected has an empty trail', async () => {
    const { data } = await trailOf(someUser());
    expect(data.zoomAuditEvents).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test.each(['service', 'admin'])('the role %s reads the trail of the user it names', async (role) => {
    const userId = await formerUser();
    const { data } = await trailOf(userId, { onBehalfOf: userId }, 'somebody', role);
    const types = nodesOf(data.zoomAuditEvents).map(({ type }) => type);
    expect(types.filter((type) => type !== 'ACCESS_ON_BEHALF')).toHaveLength(5);
  });

  test('a user cannot read the trail of another', async () => {
    const answer = await trailOf(await formerUser(), { onBehalfOf: await formerUser() });
    expect(extensionsOf(answer)).toEqual([{ code: 'FORBIDDEN', argument: 'onBehalfOf' }]);
  });

  test('a user learns that support acted for them, but not who and from where', async () => {
    const userId = someUser();
    await harness.connect(userId);
    const mutation = `mutation { revokeZoom(onBehalfOf: "${userId}") { revokedAtZoom } }`;
    await harness.graphql('support-7', mutation, { role: 'admin' });
    const isTheirs = ({ type }: Record<string, unknown>) => type === 'GRANT_REVOKED';
    const seen = nodesOf((await trailOf(userId)).data.zoomAuditEvents).find(isTheirs);
    expect(seen).toMatchObject({
      actor: { kind: 'ADMIN', id: null },
      ipAddress: null,
      userAgent: null,
      correlationId: null,
    });
    const { data } = await trailOf(userId, { onBehalfOf: userId }, 'support-7', 'admin');
    expect(nodesOf(data.zoomAuditEvents).find(isTheirs)).toMatchObject({
      actor: { kind: 'ADMIN', id: 'support-7' },
      ipAddress: '127.0.0.1',
    });
  });

  test('a user, and a service for the user, learn of a takeover, but not by whom and from where', async () => {
    const [former, heir] = [someUser(), someUser()];
    const { zoomUserId } = await harness.connect(former);
    await harness.connect(heir, { zoomUserId });
    const newest = async (asking: string, role?: string) => {
      const answer = await trailOf(former, { first: 1, onBehalfOf: former }, asking, role);
      return nodesOf(answer.data.zoomAuditEvents)[0];
    };
    const isHidden = {
      type: 'GRANT_SUPERSEDED',
      actor: { kind: 'USER', id: null },
      ipAddress: null,
      userAgent: null,
      correlationId: null,
    };
    expect(await newest(former)).toMatchObject(isHidden);
    expect(JSON.stringify((await trailOf(former)).data)).not.toContain(heir);
    const events = nodesOf(
      (await trailOf(former, { onBehalfOf: former }, 'backend', 'service')).data.zoomAuditEvents,
    );
    expect(events.find(({ type }) => type === 'GRANT_SUPERSEDED')).toMatchObject(isHidden);
    const seen = nodesOf(
      (await trailOf(former, { onBehalfOf: former }, 'support-7', 'admin')).data.zoomAuditEvents,
    );
    expect(seen.find(({ type }) => type === 'GRANT_SUPERSEDED')).toMatchObject({
      actor: { kind: 'USER', id: heir },
      ipAddress: '127.0.0.1',
    });
  });

  test.each([
    ['first of 0', { first: 0 }, 'first'],
    ['first of 301', { first: 301 }, 'first'],
    ['a cursor that is none', { after: 'nonsense' }, 'after'],
    ['a cursor of another list', { after: cursor(['grants ', ['a']]) }, 'after'],
    ['a cursor of no instant', { after: cursor(['audit events', [9e15, 'a']]) }, 'after'],
    ['a cursor of another shape', { after: cursor(['audit events', [{ $gt: 0 }, 'a']]) }, 'after'],
  ])('%s is BAD_USER_INPUT, and the argument named', async (_what, variables, argument) => {
    expect(extensionsOf(await trailOf(someUser(), variables))).toEqual([
      { code: 'BAD_USER_INPUT', argument },
    ]);
  });
});

describe('zoomGrants', () => {
  const asAdmin = (variables: object = {}) =>
    harness.graphql('support-7', GRANTS, { variables, role: 'admin' });
  const grantsOf = async (variables: object) => nodesOf((await asAdmin(variables)).data.zoomGrants);

  test.each(['user', 'service'])('the role %s may not list them', async (role) => {
    expect(extensionsOf(await harness.graphql(someUser(), GRANTS, { role }))).toEqual([
      { code: 'FORBIDDEN' },
    ]);
  });

  test('nobody else may either', async () => {
    expect(extensionsOf(await harness.graphql(undefined, GRANTS))).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  test('an admin lists the users of each status', async () => {
    const [connected, revoked, refused] = [someUser(), someUser(), someUser()];
    for (const userId of [connected, revoked]) await harness.connect(userId);
    const { zoomUserId } = await harness.connect(refused);
    await harness.graphql(revoked, REVOKE);
    await harness.sandbox.control.uninstall(zoomUserId);
    await harness.graphql(refused, '{ zoomProfile { id } }');
    harness.sandbox.control.resetCounters();
    const all = await grantsOf({ first: 300 });
    expect(all).toEqual(
      expect.arrayContaining([
        { userId: connected, status: 'CONNECTED', reason: null },
        { userId: revoked, status: 'REVOKED', reason: 'REVOKED_BY_USER' },
        { userId: refused, status: 'REAUTHORIZATION_REQUIRED', reason: 'REFRESH_TOKEN_REJECTED' },
      ]),
    );
    for (const status of ['CONNECTED', 'REVOKED', 'REAUTHORIZATION_REQUIRED'])
      expect(await grantsOf({ first: 300, status })).toEqual(
        all.filter((grant) => grant['status'] === status),
      );
    expect(harness.sandbox.control.requests()).toEqual([]);
  });

  describe('by reason and time', () => {
    const FILTERED = `query ($status: ZoomConnectionStatus, $reason: ZoomDisconnectReason, $since: DateTime, $first: Int! = 300, $after: String) {
      zoomGrants(status: $status, reason: $reason, since: $since, first: $first, after: $after) {
        totalCount edges { node { userId since } } pageInfo { hasNextPage endCursor } } }`;
    const filtered = async (variables: object) =>
      (await harness.graphql('support-7', FILTERED, { variables, role: 'admin' })).data.zoomGrants;
    const idsOf = (list: Parameters<typeof nodesOf>[0]) =>
      nodesOf(list).map(({ userId }) => userId as string);
    const ofOurs = (ids: string[], ours: string[]) => ids.filter((id) => ours.includes(id));
    let ended: string[];
    let start: Date;

    beforeAll(async () => {
      await harness.advance(60_000);
      start = harness.clock();
      ended = [someUser(), someUser(), someUser(), someUser(), someUser()];
      for (const userId of ended) {
        await harness.connect(userId);
        await harness.advance(1_000);
        await harness.graphql(userId, REVOKE);
      }
    });

    test('a list by time begins at the instant, and the newest change comes first', async () => {
      expect(ofOurs(idsOf(await filtered({ since: start })), ended)).toEqual(ended.toReversed());
      const list = await filtered({ since: start });
      const third = nodesOf(list).find(({ userId }) => userId === ended[2])?.['since'];
      const after = idsOf(await filtered({ since: third }));
      expect(ofOurs(after, ended)).toEqual(ended.slice(2).toReversed());
    });

    test.each([
      [{ reason: 'REVOKED_BY_USER' }, 5],
      [{ reason: 'REVOKED_BY_USER', status: 'REVOKED' }, 5],
      [{ status: 'REVOKED' }, 5],
      [{ reason: 'REVOKED_BY_USER', status: 'CONNECTED' }, 0],
      [{ reason: 'ROTATION_LOST' }, 0],
      [{ reason: 'REFRESH_REFUSED' }, 0],
      [{ status: 'CONNECTED' }, 0],
    ])('the filter %j finds %i of five who have disconnected', async (filter, found) => {
      const list = await filtered({ ...filter, since: start });
      expect(ofOurs(idsOf(list), ended)).toHaveLength(found);
      expect(list.totalCount).toBe(list.edges.length);
    });

    test('a connection that Zoom refuses to refresh is found by the cause, in the order of the refusals', async () => {
      const users = [someUser(), someUser()];
      for (const [index, userId] of users.entries()) {
        await harness.connect(userId);
        const since = new Date(start.getTime() + index * 1_000);
        const refreshRefusal = {
          cause: 'REFRESH_REFUSED',
          since,
          latest: since,
          needsSupport: false,
        } as const;
        await harness.database.models.grants.updateOne({ userId }, { $set: { refreshRefusal } });
      }
      expect(idsOf(await filtered({ reason: 'REFRESH_REFUSED' }))).toEqual(users.toReversed());
      const first = await filtered({ reason: 'REFRESH_REFUSED', first: 1 });
      const next = await filtered({ reason: 'REFRESH_REFUSED', first: 1, after: first.pageInfo.endCursor });
      expect(idsOf(next)).toEqual([users[0]]);
      expect(idsOf(await filtered({ reason: 'SCOPES_CHANGED' }))).toEqual([]);
    });

    test('parts follow each other, also among changes of one instant', async () => {
      const since = new Date(start.getTime() + 1_000);
      await harness.database.models.grants.collection.updateOne({ userId: ended[0] }, { $set: { since } });
      await harness.database.models.grants.collection.updateOne({ userId: ended[1] }, { $set: { since } });
      const parts: string[] = [];
      let after: string | undefined;
      for (let hasNext = true; hasNext;) {
        const list = await filtered({ reason: 'REVOKED_BY_USER', since: start, first: 2, after });
        parts.push(...idsOf(list));
        after = list.pageInfo.endCursor;
        hasNext = list.pageInfo.hasNextPage;
      }
      expect(parts).toEqual(idsOf(await filtered({ reason: 'REVOKED_BY_USER', since: start })));
      expect(new Set(parts).size).toBe(parts.length);
    });

    test('a cursor of another filter is BAD_USER_INPUT', async () => {
      const { pageInfo } = await filtered({ since: start, first: 1 });
      const variables = { since: start, reason: 'ROTATION_LOST', after: pageInfo.endCursor };
      const answer = await harness.graphql('support-7', FILTERED, { variables, role: 'admin' });
      expect(extensionsOf(answer)).toEqual([{ code: 'BAD_USER_INPUT', argument: 'after' }]);
    });
  });

  test.each([undefined, 'CONNECTED'])('parts follow each other by user id (status %s)', async (status) => {
    for (let n = 0; n < 3; n++) await harness.connect(someUser());
    const parts: unknown[] = [];
    for await (const part of partsOf('zoomGrants', (rest) => asAdmin({ status, first: 2, ...rest })))
      parts.push(...part.map(({ userId }) => userId));
    const all = (await grantsOf({ first: 300, status })).map(({ userId }) => userId);
    expect(parts).toEqual(all);
    expect(all).toEqual([...all].sort());
    expect(all.length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    ['a status that no grant has', { status: 'NOT_CONNECTED' }, 'status'],
    [
      'a cursor of another status',
      { status: 'REVOKED', after: cursor(['grants CONNECTED', ['a']]) },
      'after',
    ],
  ])('%s is BAD_USER_INPUT, and the argument named', async (_what, variables, argument) => {
    expect(extensionsOf(await asAdmin(variables))).toEqual([{ code: 'BAD_USER_INPUT', argument }]);
  });
});

function cursor(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}
