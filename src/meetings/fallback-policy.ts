import { type ErrorCode } from '../lib/errors.js';

/** In whose account a meeting is. */
export type MeetingHost = 'USER' | 'APP' | 'GOOGLE_MEET';

/**
 * Why the user's own account could not host: what only the user can mend, and not by waiting. An outage or a rate
 * limit is no reason: the meeting would end up in another account because of a second's trouble, or exist twice if
 * Zoom had created it all the same.
 */
export const FALLBACK_REASONS = [
  'ZOOM_NOT_CONNECTED',
  'ZOOM_REAUTHORIZATION_REQUIRED',
  'ZOOM_SCOPE_MISSING',
  'ZOOM_PLAN_REQUIRED',
] as const satisfies readonly ErrorCode[];

/** A value of {@link FALLBACK_REASONS}. */
export type FallbackReason = (typeof FALLBACK_REASONS)[number];

/** A host that could not, and why. */
export interface Refusal {
  host: MeetingHost;
  code: ErrorCode;
}

/** Which hosts may be asked. */
export interface Hosts {
  allowFallback: boolean;
  app: boolean;
  googleMeet: boolean;
}

/** Whether a code is a reason to ask the next host. */
export function isFallbackReason(code: ErrorCode): code is FallbackReason {
  return (FALLBACK_REASONS as readonly ErrorCode[]).includes(code);
}

/**
 * Who is asked next, after these refusals: the user, then the app, then Google; undefined when nobody is left or the
 * last failure must not be passed over. One of the platform's own hosts is passed over only if it is not set up well.
 */
export function nextHost(
  refusals: readonly Refusal[],
  { allowFallback, app, googleMeet }: Hosts,
): MeetingHost | undefined {
  const [user, ...others] = refusals;
  if (!user) return 'USER';
  if (!allowFallback || !isFallbackReason(user.code)) return undefined;
  if (others.some((refusal) => !isSetUpBadly(refusal))) return undefined;
  const asked = new Set(others.map(({ host }) => host));
  if (app && !asked.has('APP')) return 'APP';
  return googleMeet && !asked.has('GOOGLE_MEET') ? 'GOOGLE_MEET' : undefined;
}

/**
 * Which refusal the caller is told when nobody hosts: the user's own, which the user can mend, unless a host of the
 * platform failed in passing and another try may succeed.
 */
export function refusalToTell<R extends Refusal>(refusals: readonly R[]): R | undefined {
  return refusals.slice(1).find((refusal) => !isSetUpBadly(refusal)) ?? refusals[0];
}

function isSetUpBadly({ code }: Refusal): boolean {
  return code === 'ZOOM_APP_MISCONFIGURED';
}
