import { encodeCursor } from '../../../src/relay/cursor.js';
import { listRecordings } from '../../../src/zoom/recordings.js';
import { type ZoomAccess } from '../../../src/zoom/api/zoom-access.js';
import { zoomAnswering } from '../../support/zoom-answering.js';

const NOW = new Date('2026-06-30T12:00:00Z');

/** A user with these recordings by day; keeps the ranges it was asked for. */
function userWith(days: string[]) {
  const asked: string[] = [];
  const answer = ({ searchParams }: URL) => {
    const { from = '', to = '', page_size: size, next_page_token: token } = Object.fromEntries(searchParams);
    asked.push(`${from}..${to}`);
    const found = days.filter((day) => from <= day && day <= to);
    const [start, end] = [Number(token ?? 0), Number(token ?? 0) + Number(size)];
    const meetings = found.slice(start, end).map((day, id) => ({ id, topic: day }));
    const next_page_token = end < found.length ? String(end) : '';
    return { meetings, next_page_token, total_records: found.length };
  };
  return { zoom: zoomAnswering((url) => Response.json(answer(url))).zoom, asked };
}

async function readAll(zoom: ZoomAccess, query: { from?: Date; to?: Date; first: number }, now = () => NOW) {
  const found: string[] = [];
  let after: string | undefined;
  for (let parts = 1; parts < 100; parts++) {
    const slice = await listRecordings(zoom, { ...query, after }, now());
    found.push(...slice.edges.map(({ node }) => node.topic ?? ''));
    if (!slice.hasNextPage) return { found, parts };
    after = slice.endCursor;
  }
  throw new Error('the list has no end');
}

test('every window is asked for cloud recordings alone', async () => {
  const sources: (string | null)[] = [];
  const { zoom } = zoomAnswering(({ searchParams }) => {
    sources.push(searchParams.get('recording_source_type'));
    return Response.json({ meetings: [] });
  });
  await listRecordings(zoom, { from: new Date('2026-04-01'), first: 10 }, NOW);
  expect(sources.length).toBeGreaterThan(1);
  expect(new Set(sources)).toEqual(new Set(['cloud_recording_only']));
});

const DAYS = ['2026-06-29', '2026-06-01', '2026-04-15', '2026-04-14', '2026-02-01', '2025-01-05'];

test.each([1, 2, 3, 50])(
  '%i at a time, one cursor leads through all windows, the newest first',
  async (first) => {
    const { zoom } = userWith(DAYS);
    const { found } = await readAll(zoom, { from: new Date('2025-01-01'), first });
    expect(found).toEqual(DAYS);
  },
);

test('years without a recording are skipped, a few windows at a time', async () => {
  const { zoom, asked } = userWith(['2020-01-01']);
  const { found, parts } = await readAll(zoom, { from: new Date('2020-01-01'), first: 10 });
  expect(found).toEqual(['2020-01-01']);
  expect(parts).toBeLessThanOrEqual(Math.ceil(asked.length / 5));
});

test('only a range of one window has a total', async () => {
  const { zoom } = userWith(DAYS);
  expect(await listRecordings(zoom, { first: 1 }, NOW)).toMatchObject({ totalCount: 2 });
  const { totalCount } = await listRecordings(zoom, { from: new Date('2026-01-01'), first: 1 }, NOW);
  expect(totalCount).toBeUndefined();
});

test('a cursor of the default range stays valid after midnight', async () => {
  const { zoom } = userWith(DAYS);
  let days = 0;
  const { found } = await readAll(zoom, { first: 1 }, () => new Date(NOW.getTime() + 86_400_000 * days++));
  expect(found).toEqual(['2026-06-29', '2026-06-01']);
});

test('a cursor of another range is refused', async () => {
  const { zoom } = userWith(DAYS);
  const { endCursor } = await listRecordings(zoom, { first: 1 }, NOW);
  await expect(
    listRecordings(zoom, { first: 1, after: endCursor, from: new Date('2026-01-01') }, NOW),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { argument: 'after' } });
});

test.each([
  ['an impossible day', [{ from: '2026-02-30', to: '2026-03-01' }, '']],
  ['days that are not days', [{ from: '2026-99-99', to: 'today' }, '']],
  ['a token that is not one', [{ from: '2026-01-01', to: '2026-01-31' }, { $gt: '' }]],
  ['a token alone', 'token'],
])('a cursor with %s is refused before Zoom is asked', async (_what, page) => {
  const { zoom, asked } = userWith(DAYS);
  const after = encodeCursor('recordings::', [page, 0, 1]);
  await expect(listRecordings(zoom, { first: 1, after }, NOW)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { argument: 'after' },
  });
  expect(asked).toEqual([]);
});
