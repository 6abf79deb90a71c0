import { trustedApiUrl } from '../../../src/oauth/zoom-api-url.js';

test.each([
  ['https://api.zoom.us', 'https://api.zoom.us'],
  ['https://api-us.zoom.us/', 'https://api-us.zoom.us'],
  ['https://API.EU.zoom.us/v2?x=1', 'https://api.eu.zoom.us'],
  ['https://api.zoom.us:443', 'https://api.zoom.us'],
])('%s is trusted as %s', (given, expected) => {
  expect(trustedApiUrl(given)).toBe(expected);
});

test.each([
  'http://api.zoom.us',
  'https://zoom.us',
  'https://api.zoom.us:8443',
  'https://api.zoom.us.evil.example',
  'https://evilzoom.us',
  'https://evil_api.zoom.us',
  'https://evil.example/api.zoom.us',
  'https://evil.example#.zoom.us',
  'https://user@api.zoom.us',
  'https://api.zoom.us@evil.example',
  'https://.zoom.us',
  'https://api.zoom.us./',
  'https://127.0.0.1',
  'ftp://api.zoom.us',
  'api.zoom.us',
  '',
])('%s gets no token', (given) => {
  expect(trustedApiUrl(given)).toBeUndefined();
});
