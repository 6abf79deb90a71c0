import { createSchema } from '../../src/graphql/schema.js';
import { type Harness, someUser, startHarness } from '../support/harness.js';

const HOUR = 3_600_000;
/** What a field needs besides `onBehalfOf`. */
const ARGUMENTS: Record<string, string> = {
  zoomMeeting: 'id: "1"',
  zoomRecording: 'meetingId: "1"',
  createZoomMeeting: 'input: { topic: "x", startTime: "2030-01-01T00:00:00Z" }',
  updateZoomMeeting: 'input: { id: "1", topic: "x" }',
  deleteZoomMeeting: 'input: { id: "1" }',
};

const schema = createSchema();
/** Every field of the schema that works for another user. */
const FIELDS = [
  ['query', schema.getQueryType()] as const,
  ['mutation', schema.getMutationType()] as const,
].flatMap(([kind, type]) =>
  Object.values(type?.getFields() ?? {})
    .filter(({ args }) => args.some(({ name }) => name === 'onBehalfOf'))
    .map(({ name }) => ({ kind, name })),
);
const operation = ({ kind, name }: (typeof FIELDS)[number], userId: string) =>
  `${kind} { ${name}(${[ARGUMENTS[name], `onBehalfOf: "${userId}"`].filter(Boolean).join(', ')}) { __typename } }`;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const tracesOf = async (userId: string) => {
  const types = ['access.on_behalf', 'access.listed'] as const;
  const rows = await harness.database.models.auditEvents.find({ userId }).sort({ occurredAt: 1 }).lean();
  return rows
    .filter(({ type }) => types.some((each) => each === type))
    .map(({ type, cause, actor }) => [type, cause, actor.kind, actor.id]);
};

test('the schema has fields that work for another user', () => {
  expect(FIELDS.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['zoomConnection', 'zoomAuditEvents', 'zoomProfile', 'revokeZoom']),
  );
});

describe.each(FIELDS)('$kind $name', (field) => {
  test.each(['service', 'admin'])('leaves one trace an hour of the role %s', async (role) => {
    const userId = someUser();
    const ask = (caller: string) => harness.graphql(caller, operation(field, userId), { role });
    for (let n = 0; n < 3; n++) await ask('caller-1');
    await ask('caller-2');
    expect(await tracesOf(userId)).toEqual([
      ['access.on_behalf', field.name, role, 'caller-1'],
      ['access.on_behalf', field.name, role, 'caller-2'],
    ]);
    await harness.advance(HOUR + 1_000);
    await ask('caller-1');
    expect(await tracesOf(userId)).toHaveLength(3);
  });

  test('leaves no trace of users who name themselves', async () => {
    const userId = someUser();
    for (const role of ['user', 'service', 'admin'])
      await harness.graphql(userId, operation(field, userId), { role });
    expect(await tracesOf(userId)).toEqual([]);
  });

  test('is logged and counted once in a request that is refused, and leaves the trail as it is', async () => {
    const [userId, stranger] = [someUser(), someUser()];
    const [first = '', ...rest] = operation(field, userId).split(' { ');
    const selection = rest.join(' { ').slice(0, -2);
    const twice = `${first} { a: ${selection} b: ${selection} }`;
    const counted = async () => {
      const text = await (await fetch(`${harness.url}/metrics`)).text();
      return Number(
        new RegExp(`zoom_access_refused_total\\{field="${field.name}"\\} (\\d+)`).exec(text)?.[1] ?? 0,
      );
    };
    const before = await counted();
    const { errors } = await harness.graphql(stranger, twice);
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN');
    expect(await counted()).toBe(before + 1);
    const lines = harness.log.lines.filter(({ caller }) => caller === stranger);
    expect(lines.filter(({ msg }) => msg === 'access refused')).toEqual([
      expect.objectContaining({ level: 'warn', role: 'user', field: field.name, subject: userId }),
    ]);
    expect(await tracesOf(userId)).toEqual([]);
  });
});

test('a list of grants leaves a trace in the trail of the admin, once an hour', async () => {
  const admin = someUser();
  for (let n = 0; n < 3; n++)
    await harness.graphql(admin, '{ zoomGrants { edges { cursor } } }', { role: 'admin' });
  expect(await tracesOf(admin)).toEqual([['access.listed', 'zoomGrants', 'admin', admin]]);
});

test('a refused list of grants is logged without a subject', async () => {
  const stranger = someUser();
  await harness.graphql(stranger, '{ zoomGrants { edges { cursor } } }');
  const refused = harness.log.lines.filter(
    ({ msg, caller }) => msg === 'access refused' && caller === stranger,
  );
  expect(refused).toEqual([expect.objectContaining({ msg: 'access refused', field: 'zoomGrants' })]);
});

test('a restarted process looks into the trail before it leaves another trace', async () => {
  const userId = someUser();
  const ask = () =>
    harness.graphql('backend', `{ zoomConnection(onBehalfOf: "${userId}") { status } }`, { role: 'service' });
  await harness.server.services.access.noteOnBehalf(userId, {
    field: 'zoomConnection',
    initiator: { actor: { kind: 'service', id: 'other-backend' } },
  });
  await harness.database.models.auditEvents.updateOne({ userId }, { $set: { 'actor.id': 'backend' } });
  await ask();
  expect(await tracesOf(userId)).toHaveLength(1);
});

test('only so much of a long text is logged', async () => {
  const stranger = someUser();
  await harness.graphql(stranger, `{ zoomConnection(onBehalfOf: "${'x'.repeat(5_000)}") { status } }`);
  const [line] = harness.log.lines.filter(({ caller }) => caller === stranger);
  expect(line?.['subject']).toBe('x'.repeat(256));
});

test('the trace is in the trail before the answer is sent, and the user sees it without the caller', async () => {
  const userId = someUser();
  await harness.graphql('backend', `{ zoomConnection(onBehalfOf: "${userId}") { status } }`, {
    role: 'service',
  });
  const trail = async (caller: string, role: string) => {
    const events = `zoomAuditEvents(onBehalfOf: "${userId}") { edges { node { type cause actor { kind id } } } }`;
    return (await harness.graphql(caller, `{ ${events} }`, { role })).data.zoomAuditEvents.edges;
  };
  const node = { type: 'ACCESS_ON_BEHALF', cause: 'zoomConnection' };
  expect(await trail(userId, 'user')).toEqual([{ node: { ...node, actor: { kind: 'SERVICE', id: null } } }]);
  const seenByCaller = { node: { ...node, actor: { kind: 'SERVICE', id: 'backend' } } };
  expect(await trail('backend', 'service')).toContainEqual(seenByCaller);
  expect(await trail('support', 'admin')).toContainEqual(seenByCaller);
});
