import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { readInstant } from '../../../src/zoom/read-instant.js';

test.each([
  ['2026-01-15T12:00:00Z', undefined, '2026-01-15T12:00:00.000Z'],
  ['2026-01-15T12:00:00.123456z', undefined, '2026-01-15T12:00:00.123Z'],
  ['2026-01-15T12:00Z', undefined, '2026-01-15T12:00:00.000Z'],
  ['2026-01-15T12:00:00+01:00', 'Asia/Tokyo', '2026-01-15T11:00:00.000Z'],
  ['2026-01-15T12:00:00-0530', undefined, '2026-01-15T17:30:00.000Z'],
  [' 2026-01-15 12:00:00 ', undefined, '2026-01-15T12:00:00.000Z'],
  ['2026-01-15T12:00:00', undefined, '2026-01-15T12:00:00.000Z'],
  ['2026-01-15T12:00:00', 'Asia/Tokyo', '2026-01-15T03:00:00.000Z'],
  ['2026-01-15T12:00:00', 'Nowhere/Land', '2026-01-15T12:00:00.000Z'],
  ['2026-07-15T12:00:00', 'Europe/Berlin', '2026-07-15T10:00:00.000Z'],
  ['2026-03-29T03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
  ['2026-01-15', undefined, '2026-01-15T00:00:00.000Z'],
  ['1768478400', undefined, '2026-01-15T12:00:00.000Z'],
  ['1768478400000', 'Asia/Tokyo', '2026-01-15T12:00:00.000Z'],
])('%s in the zone %s is %s', (text, zone, expected) => {
  expect(readInstant(text, zone)?.toISOString()).toBe(expected);
});

test.each([
  '',
  'text',
  '5',
  '0',
  '0001-01-01T00:00:00Z',
  '1970-01-01T00:00:00Z',
  '1999-12-31T23:59:59Z',
  '2026-02-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-15T25:00:00Z',
  '12026-01-15T12:00:00Z',
  '20260115120000',
  '01/15/2026',
  'Thu, 15 Jan 2026 12:00:00 GMT',
])('%j is no instant', (text) => {
  expect(readInstant(text)).toBeUndefined();
});

test('any instant since 2000 is read from its ISO form and from its milliseconds', () => {
  const instants = fc.date({ min: new Date('2001-09-10'), max: new Date('2200-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, (instant) => {
      expect(readInstant(instant.toISOString())).toEqual(instant);
      expect(readInstant(String(instant.getTime()))).toEqual(instant);
    }),
  );
});

test('whatever the text and the zone, it is a valid date or none', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (text, zone) => {
      const instant = readInstant(text, zone);
      expect(instant === undefined || !Number.isNaN(instant.getTime())).toBe(true);
    }),
  );
});

test('the zone of the machine does not matter', () => {
  const program =
    "import('./dist/zoom/read-instant.js').then((m) => process.stdout.write(m.readInstant('2026-01-15T12:00:00').toISOString()))";
  const { stdout } = spawnSync(process.execPath, ['-e', program], {
    env: { ...process.env, TZ: 'Pacific/Auckland' },
    encoding: 'utf8',
  });
  expect(stdout).toBe('2026-01-15T12:00:00.000Z');
});
