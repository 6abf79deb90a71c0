import { isTimeZone, localToUtc, utcToLocal } from '../../../../src/dev/sandbox/store/time.js';

describe('localToUtc', () => {
  it.each([
    ['2026-01-15T09:00:00', 'Europe/Berlin', '2026-01-15T08:00:00.000Z'],
    ['2026-07-15T09:00:00', 'Europe/Berlin', '2026-07-15T07:00:00.000Z'],
    ['2026-03-29T12:00:00', 'Europe/Berlin', '2026-03-29T10:00:00.000Z'],
    ['2026-03-29T01:30:00', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
    ['2026-07-15T00:15:00', 'Asia/Kolkata', '2026-07-14T18:45:00.000Z'],
    ['2026-01-15T09:00:00', 'UTC', '2026-01-15T09:00:00.000Z'],
  ])('reads %s in %s as %s, and back', (local, timeZone, utc) => {
    expect(localToUtc(local, timeZone).toISOString()).toBe(utc);
    expect(utcToLocal(new Date(utc), timeZone)).toBe(local);
  });
});

describe('isTimeZone', () => {
  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Mars/Olympus', false],
    ['', false],
  ])('%j: %s', (name, expected) => {
    expect(isTimeZone(name)).toBe(expected);
  });
});
