import { type MeetingHost } from '../../../src/models/hosted-meeting.js';
import { FALLBACK_REASONS } from '../../../src/models/meeting-creation.js';
import { ERROR_CODES, type ErrorCode } from '../../../src/lib/errors.js';
import {
  type Hosts,
  isFallbackReason,
  nextHost,
  type Refusal,
  refusalToReport,
} from '../../../src/meetings/fallback-policy.js';

const ALL: Hosts = { allowFallback: true, app: true, googleMeet: true };
const user: Refusal = { host: 'USER', code: 'ZOOM_NOT_CONNECTED' };
const badApp: Refusal = { host: 'APP', code: 'ZOOM_APP_MISCONFIGURED' };
const lateApp: Refusal = { host: 'APP', code: 'ZOOM_UNAVAILABLE' };
const badMeet: Refusal = { host: 'GOOGLE_MEET', code: 'ZOOM_APP_MISCONFIGURED' };

test.each<[string, Refusal[], Partial<Hosts>, MeetingHost | undefined]>([
  ['the user first', [], {}, 'USER'],
  ['the user first, also without a fallback', [], { allowFallback: false }, 'USER'],
  ['then the app', [user], {}, 'APP'],
  ['then Google, without an app', [user], { app: false }, 'GOOGLE_MEET'],
  ['then Google, after an app that is not set up', [user, badApp], {}, 'GOOGLE_MEET'],
  ['nobody after an app that had a transient failure', [user, lateApp], {}, undefined],
  [
    'nobody after an app that is not set up, without Google',
    [user, badApp],
    { googleMeet: false },
    undefined,
  ],
  ['nobody after Google', [user, badApp, badMeet], {}, undefined],
  ['nobody when a fallback is forbidden', [user], { allowFallback: false }, undefined],
  ['nobody when nothing is configured', [user], { app: false, googleMeet: false }, undefined],
])('is asked: %s', (_what, refusals, hosts, expected) => {
  expect(nextHost(refusals, { ...ALL, ...hosts })).toBe(expected);
});

test.each(Object.keys(ERROR_CODES) as ErrorCode[])('%s of the user falls back only as documented', (code) => {
  const documented = (FALLBACK_REASONS as readonly ErrorCode[]).includes(code);
  expect(isFallbackReason(code)).toBe(documented);
  expect(nextHost([{ host: 'USER', code }], ALL)).toBe(documented ? 'APP' : undefined);
});

test.each<[string, Refusal[], Refusal | undefined]>([
  ["the user's own reason", [user], user],
  ["the user's own reason, not the operator's trouble", [user, badApp, badMeet], user],
  ['a transient failure of the app', [user, lateApp], lateApp],
  ['nothing, of nobody', [], undefined],
])('the caller gets %s', (_what, refusals, reported) => {
  expect(refusalToReport(refusals)).toBe(reported);
});
