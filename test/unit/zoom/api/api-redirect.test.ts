import { redirectTarget } from '../../../../src/zoom/api/api-redirect.js';

const target = (
  status: number,
  location: string | null,
  method = 'GET',
  from = 'https://api.zoom.us/v2/users/me',
) => redirectTarget({ status, location }, method, new URL(from))?.href;

test.each([
  [301, 'GET'],
  [302, 'GET'],
  [307, 'GET'],
  [308, 'GET'],
  [307, 'POST'],
  [308, 'DELETE'],
])('a %i of a %s leads on to another host of zoom.us', (status, method) => {
  expect(target(status, 'https://api-eu.zoom.us/v2/users/me', method)).toBe(
    'https://api-eu.zoom.us/v2/users/me',
  );
});

test('a relative place and another port of nothing but the same host are understood', () => {
  expect(target(307, '/v2/other')).toBe('https://api.zoom.us/v2/other');
  expect(target(307, '/v2/other', 'GET', 'http://127.0.0.1:5002/v2/users/me')).toBe(
    'http://127.0.0.1:5002/v2/other',
  );
});

test.each([
  ['a foreign host', 307, 'https://zoom.us.example.com/v2/users/me', 'GET'],
  ['a host that only ends alike', 307, 'https://evilzoom.us/v2/users/me', 'GET'],
  ['plain http', 307, 'http://api-eu.zoom.us/v2/users/me', 'GET'],
  ['another port', 307, 'https://api-eu.zoom.us:8443/v2/users/me', 'GET'],
  ['credentials in the address', 307, 'https://a:b@api-eu.zoom.us/v2/users/me', 'GET'],
  ['no address', 307, null, 'GET'],
  ['an address that is none', 307, 'http://', 'GET'],
  ['a 302 of a POST, which would become a GET', 302, 'https://api-eu.zoom.us/v2/users/me', 'POST'],
  ['a 303', 303, 'https://api-eu.zoom.us/v2/users/me', 'GET'],
  ['a success', 200, 'https://api-eu.zoom.us/v2/users/me', 'GET'],
])('%s is not followed', (_what, status, location, method) => {
  expect(target(status, location, method)).toBeUndefined();
});

test('a host that is not of zoom.us cannot send a token to one that is', () => {
  expect(
    target(307, 'https://api.zoom.us/v2/users/me', 'GET', 'http://127.0.0.1:5002/v2/users/me'),
  ).toBeUndefined();
});
