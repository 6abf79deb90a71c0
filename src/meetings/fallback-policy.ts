import { type ErrorCode } from '../lib/errors.js';
import { type MeetingHost } from '../models/hosted-meeting.js';
import { FALLBACK_REASONS, type FallbackReason } from '../models/meeting-creation.js';

/** A host that could not create the meeting, and why. */
export interface Refusal {
  host: MeetingHost;
  code: ErrorCode;
}

/** Which hosts may be asked besides the user's own account. */
export interface Hosts {
  allowFallback: boolean;
  app: boolean;
  googleMeet: boolean;
}

/**
 * Whether a failure of the user's own account is a reason to ask the next host. Only what the user has to fix, and
 * waiting does not fix, is a reason. An outage or a rate limit is not: a short problem would move the meeting to another
 * account, or create it twice if Zoom had created it in spite of the error.
 */
export function isFallbackReason(code: ErrorCode): code is FallbackReason {
  return (FALLBACK_REASONS as readonly ErrorCode[]).includes(code);
}

/**
 * The host to ask after these refusals: first the user, then the app, then Google. Undefined when no host is left, or
 * when the last failure is no reason to go on. A host of the platform is skipped only if it is not set up correctly.
 */
export function nextHost(
  refusals: readonly Refusal[],
  { allowFallback, app, googleMeet }: Hosts,
): MeetingHost | undefined {
  const [user, ...others] = refusals;
  if (!user) return 'USER';
  if (!allowFallback || !isFallbackReason(user.code)) return undefined;
  if (others.some((refusal) => !isMisconfigured(refusal))) return undefined;
  const asked = new Set(others.map(({ host }) => host));
  if (app && !asked.has('APP')) return 'APP';
  return googleMeet && !asked.has('GOOGLE_MEET') ? 'GOOGLE_MEET' : undefined;
}

/**
 * The refusal to report when no host created the meeting: that of the user's own account, which the user can fix. If a
 * host of the platform had a transient failure, that one is reported, because a retry may succeed.
 */
export function refusalToReport<R extends Refusal>(refusals: readonly R[]): R | undefined {
  return refusals.slice(1).find((refusal) => !isMisconfigured(refusal)) ?? refusals[0];
}

function isMisconfigured({ code }: Refusal): boolean {
  return code === 'ZOOM_APP_MISCONFIGURED';
}
