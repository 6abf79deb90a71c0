import fc from 'fast-check';
import { timeZoneName, unambiguousLocalTime } from '../../../../src/zoom/meetings/time-zone.js';

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['europe/berlin', 'Europe/Berlin'],
  ['EUROPE/BERLIN', 'Europe/Berlin'],
  ['america/port_of_spain', 'America/Port_of_Spain'],
  ['utc', 'UTC'],
  ['UTC', 'UTC'],
  // Intl of some versions of Node.js knows these zones under another name.
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['Europe/Kyiv', 'Europe/Kyiv'],
  ['US/Eastern', 'US/Eastern'],
])('the time zone %s is sent as %s', (name, expected) => {
  expect(timeZoneName(name)).toBe(expected);
});

test.each(['asia/kolkata', 'us/eastern', 'US/EASTERN', 'europe/kyiv'])(
  'another name of a zone in one case, %s, becomes a name that Intl knows',
  (name) => {
    const known = timeZoneName(name);
    expect(known).toMatch(/^[A-Z][a-z]+\/[A-Z]/);
    expect(new Date('2030-07-01T00:00:00Z').toLocaleString('en', { timeZone: known })).toBe(
      new Date('2030-07-01T00:00:00Z').toLocaleString('en', { timeZone: name }),
    );
  },
);

test.each(['', 'Europe/Atlantis', '+01:00', 'Mars', 'Europe/Berlin '])('%p is no time zone', (name) => {
  expect(timeZoneName(name)).toBeUndefined();
});

/** What a clock in the zone shows, by another way than the code under test: `sv-SE` prints ISO dates. */
const clockOf = (at: number, timeZone: string) =>
  new Date(at).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');

const HALF_HOUR_MS = 1_800_000;
/** The instants at which a clock in the zone shows a local time: all of the two days around it, each half hour. */
function instantsOf(local: string, timeZone: string, around: number): number[] {
  const found = [];
  for (let at = around - 96 * HALF_HOUR_MS; at <= around + 96 * HALF_HOUR_MS; at += HALF_HOUR_MS / 2)
    if (clockOf(at, timeZone) === local) found.push(at);
  return found;
}

/** Zones with rules of every kind: both hemispheres, no change, half hours, two hours, quarters. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Africa/Casablanca',
  'Pacific/Chatham',
  'Pacific/Apia',
  'America/Santiago',
  'Asia/Kolkata',
  'UTC',
];
const YEAR_START = Date.UTC(2027, 0, 1);
const QUARTER_HOURS = 8 * 366 * 96;
/** Instants near the changes of 2030 in some of these zones. */
const CHANGES = [
  '2030-03-31T01:00Z',
  '2030-10-27T01:00Z',
  '2030-03-10T07:00Z',
  '2030-11-03T06:00Z',
  '2030-04-06T15:00Z',
];
const instant = fc.oneof(
  fc.integer({ min: 0, max: QUARTER_HOURS }).map((quarters) => YEAR_START + quarters * 900_000),
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -16, max: 16 }))
    .map(([change, quarters]) => Date.parse(change) + quarters * 900_000),
);

test('a local time names its instant and no other; a time that comes twice has none', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), instant, (zone, at) => {
      const local = unambiguousLocalTime(new Date(at), zone);
      const shown = clockOf(at, zone);
      const isOnce = instantsOf(shown, zone, at).length === 1;
      expect(local).toBe(isOnce ? shown : undefined);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['the hour before', '2030-10-27T00:30:00Z', undefined],
  ['the hour after', '2030-10-27T01:30:00Z', undefined],
  ['just before', '2030-10-26T23:59:59Z', '2030-10-27T01:59:59'],
  ['just after', '2030-10-27T02:00:00Z', '2030-10-27T03:00:00'],
  ['the change in spring', '2030-03-31T01:00:00Z', '2030-03-31T03:00:00'],
])('in Berlin, %s of the clock change', (_what, at, expected) => {
  expect(unambiguousLocalTime(new Date(at), 'Europe/Berlin')).toBe(expected);
});
