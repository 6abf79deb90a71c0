import { dateOrNothing, urlOrNothing } from '../../../src/graphql/types/wire-values.js';

test.each(['https://zoom.us/j/1?pwd=a', 'http://127.0.0.1:4000/j/1'])('the web address %s is kept', (url) => {
  expect(urlOrNothing(url)).toBe(url);
});

test.each([
  undefined,
  '',
  'zoom.us/j/1',
  '/j/1',
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'data:text/html,a',
  'mailto:a@example.com',
  'https://',
])('%j is no web address', (url) => {
  expect(urlOrNothing(url)).toBeUndefined();
});

test.each([
  [undefined, undefined],
  ['text', undefined],
  ['0001-01-01T00:00:00Z', undefined],
  ['2026-01-15T12:00:00', new Date('2026-01-15T11:00:00Z')],
])('a date of %j is read in the zone of its answer, or left out', (text, expected) => {
  expect(dateOrNothing(text, 'Europe/Berlin')).toEqual(expected);
});
