import { startSandbox, type Sandbox } from '../../../src/dev/sandbox/sandbox.js';
import { api, connect, REDIRECT_URI } from './client.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    app: { redirectUris: [REDIRECT_URI] },
    clock: () => new Date('2026-03-01T12:00:00Z'),
  });
});
beforeEach(() => sandbox.control.reset());
afterAll(() => sandbox.close());

const burst = async (access: string, path: string, count: number) => {
  const answers = [];
  for (let times = 0; times < count; times += 1) answers.push(await api(sandbox, path, access));
  return answers;
};
const refused = (answers: { status: number }[]) => answers.filter(({ status }) => status === 429).length;

describe('rate limits', () => {
  it('are off by default', async () => {
    const { access } = await connect(sandbox);
    expect(refused(await burst(access, '/v2/users/me', 40))).toBe(0);
  });

  it.each([
    ['free', '/v2/users/me', 4],
    ['free', '/v2/users/me/meetings', 2],
    ['pro', '/v2/users/me', 30],
    ['pro', '/v2/users/me/meetings', 20],
  ] as const)('of plan %s on %s are %i a second', async (rateLimitPlan, path, limit) => {
    const { access } = await connect(sandbox);
    sandbox.control.configure({ rateLimitPlan });
    const answers = await burst(access, path, limit + 1);
    expect(refused(answers)).toBe(1);
    expect(answers.at(-1)?.json).toEqual({
      code: 429,
      message: 'You have reached the maximum per-second rate limit for this API. Try again later.',
    });
    await sandbox.control.advanceClock(1000);
    expect(refused(await burst(access, path, 1))).toBe(0);
  });

  it('are shared by the users of an account, not between accounts', async () => {
    const [first, second] = sandbox.control.users();
    const stranger = sandbox.control.addUser({ accountId: 'another' });
    const [one, two, three] = [
      await connect(sandbox, first?.id),
      await connect(sandbox, second?.id),
      await connect(sandbox, stranger.id),
    ];
    sandbox.control.configure({ rateLimitPlan: 'free' });
    expect(refused(await burst(one.access, '/v2/users/me', 4))).toBe(0);
    expect(refused(await burst(two.access, '/v2/users/me', 1))).toBe(1);
    expect(refused(await burst(three.access, '/v2/users/me', 4))).toBe(0);
  });

  it.each([
    ['none', {}],
    ['category', { 'x-ratelimit-category': 'Light' }],
    [
      'full',
      {
        'x-ratelimit-category': 'Light',
        'x-ratelimit-type': 'QPS',
        'x-ratelimit-limit': '4',
        'x-ratelimit-remaining': '3',
      },
    ],
  ] as const)('with header mode %s tell %j', async (rateLimitHeaders, expected) => {
    const { access } = await connect(sandbox);
    sandbox.control.configure({ rateLimitPlan: 'free', rateLimitHeaders });
    const { headers } = await api(sandbox, '/v2/users/me', access);
    expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-ratelimit')))).toEqual(
      expected,
    );
  });

  it('per day send the next midnight as an ISO date', async () => {
    const { access } = await connect(sandbox);
    sandbox.control.configure({ rateLimitPlan: 'free', rateLimitHeaders: 'full' });
    for (let seconds = 0; seconds < 1000; seconds += 1) {
      await Promise.all([1, 2].map(() => api(sandbox, '/v2/users/me/meetings?page_size=1', access)));
      await sandbox.control.advanceClock(1000);
    }
    const answer = await api(sandbox, '/v2/users/me/meetings', access);
    expect(answer.status).toBe(429);
    expect(answer.json.message).toContain('maximum daily rate limit');
    expect(answer.headers.get('retry-after')).toBe('2026-03-02T00:00:00Z');
    expect(answer.headers.get('x-ratelimit-type')).toBe('Daily-limit');
  });
});
