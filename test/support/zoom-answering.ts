import { toAppError } from '../../src/zoom/api/api-error.js';
import { type TokenSource, ZoomAccess, type ZoomAccessOptions } from '../../src/zoom/api/zoom-access.js';
import { ZoomApi } from '../../src/zoom/api/zoom-api.js';
import { type OnOddity } from '../../src/lib/oddities.js';
import { Secret } from '../../src/lib/secret.js';
import { recordingLogger } from './recording-logger.js';

/** Every scope that a call may need, in the classic form. */
const SCOPES = ['user:read', 'meeting:read', 'meeting:write', 'recording:read'];

/** A source whose n-th token is called `token-n`, and which versions Zoom has refused. */
export function countedTokens(scopes = SCOPES) {
  const rejected: number[] = [];
  let version = 1;
  let uses = 0;
  const tokens: TokenSource = {
    get: (rejectedVersion) => {
      if (rejectedVersion !== undefined) version = rejected.push(rejectedVersion) + 1;
      return Promise.resolve({ value: new Secret(`token-${version}`), version, scopes });
    },
    noteUse: () => {
      uses += 1;
    },
  };
  return { tokens, rejected, uses: () => uses };
}

/** Access to a Zoom that answers by this function; each call is sent once. */
export function zoomAnswering(
  answer: (url: URL, init: RequestInit) => Response,
  options: Partial<ZoomAccessOptions> = {},
) {
  const log = recordingLogger();
  const oddities: Parameters<OnOddity>[0][] = [];
  const api = new ZoomApi({
    baseUrl: 'https://api.zoom.us',
    timeoutMs: 1_000,
    clock: () => new Date('2026-01-15T12:00:00Z'),
    jitter: () => 0,
    fetch: (href, init) => Promise.resolve(answer(new URL(href), init)),
  });
  const zoom = new ZoomAccess({
    api,
    tokens: countedTokens().tokens,
    userPath: '/users/me',
    maxTokenRejections: 2,
    toError: toAppError,
    onOddity: (oddity) => oddities.push(oddity),
    logger: log.logger,
    logFields: {},
    ...options,
  });
  return { zoom, api, log, oddities };
}
