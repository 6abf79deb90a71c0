import fc from 'fast-check';
import {
  type DayRange,
  newestWindow,
  recordingRange,
  windowBefore,
} from '../../../src/zoom/recording-windows.js';

const NOW = new Date('2026-03-31T23:59:00Z');
const day = (text: string) => new Date(text);

function windowsOf(range: DayRange): DayRange[] {
  const windows: DayRange[] = [];
  for (let next: DayRange | undefined = newestWindow(range); next; next = windowBefore(next, range))
    windows.push(next);
  return windows;
}

test.each([
  ['nothing', {}, { from: '2026-03-02', to: '2026-03-31' }],
  ['a first day', { from: day('2026-01-01') }, { from: '2026-01-01', to: '2026-03-31' }],
  ['a last day', { to: day('2026-01-31') }, { from: '2026-01-02', to: '2026-01-31' }],
  ['one day', { from: day('2026-01-31'), to: day('2026-01-31') }, { from: '2026-01-31', to: '2026-01-31' }],
])('asked for %s, the range is whole', (_what, asked, range) => {
  expect(recordingRange(asked, NOW)).toEqual(range);
});

test('a range that runs backwards is refused', () => {
  expect(() => recordingRange({ from: day('2026-02-01'), to: day('2026-01-31') }, NOW)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'from' } }),
  );
});

test('three months are four windows, the newest first', () => {
  expect(windowsOf({ from: '2026-01-01', to: '2026-03-31' })).toEqual([
    { from: '2026-03-01', to: '2026-03-31' },
    { from: '2026-01-29', to: '2026-02-28' },
    { from: '2026-01-01', to: '2026-01-28' },
  ]);
});

test('windows cover a range without gap or overlap, and none is longer than a month', () => {
  const days = fc.integer({ min: 0, max: 5_000 });
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 1_000 }), (offset, length) => {
      const text = (index: number) => new Date(Date.UTC(2020, 0, 1 + index)).toISOString().slice(0, 10);
      const range = { from: text(offset), to: text(offset + length) };
      const windows = windowsOf(range);
      expect(windows[0]?.to).toBe(range.to);
      expect(windows.at(-1)?.from).toBe(range.from);
      windows.forEach(({ from, to }, index) => {
        expect(from <= to).toBe(true);
        expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBeLessThanOrEqual(30);
        const later = windows[index - 1];
        if (later) expect(Date.parse(later.from) - Date.parse(to)).toBe(86_400_000);
      });
    }),
  );
});
