import { mayStart } from '../../../../src/zoom/meetings/start-url.js';

const host = { callerId: 'coach', readAs: 'coach', zoomUserId: 'zoom-coach', hostId: 'zoom-coach' };

test('the host in person may start a meeting', () => {
  expect(mayStart(host)).toBe(true);
});

test.each([
  ['a service for the host', { callerId: 'booking' }],
  ['the owner of a meeting in the app account', { readAs: undefined, zoomUserId: undefined }],
  ['a user who sees a meeting of another host', { hostId: 'zoom-other' }],
  ['a user whose Zoom user is unknown', { zoomUserId: undefined, hostId: undefined }],
])('%s may not', (_who, parts) => {
  expect(mayStart({ ...host, ...parts })).toBe(false);
});
