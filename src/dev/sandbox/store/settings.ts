/**
 * What happens to the older tokens of a grant when its refresh token is redeemed. `strict`: they are invalid at once.
 * `grace`: access tokens stay valid until they expire, and the old refresh token stays valid for `graceMs`.
 */
export type RotationPolicy = 'strict' | 'grace';

/** One setting for each behaviour of Zoom that is not certain or differs between apps. */
export interface SandboxSettings {
  rotation: RotationPolicy;
  /** How long a redeemed refresh token is still accepted under `grace`, ms. */
  graceMs: number;
  /** Artificial latency of the token endpoint, ms. */
  tokenLatencyMs: number;
  /** Whether a user who already granted the same scopes in this browser skips the consent page. */
  autoApprove: boolean;
  /** Whether Decline redirects to the app with `error=access_denied`. If not, the user stays at Zoom. */
  declineRedirects: boolean;
  /** Whether users of other accounts are refused while the app is not published. */
  ownAccountOnly: boolean;
  omitApiUrl: boolean;
  /** Whether a code can still be used after a wrong code verifier. RFC 6749 §4.1.2 allows both. */
  codeSurvivesWrongVerifier: boolean;
  revokeUnknownToken: 'success' | 'error';
  /** Whether list answers contain `page_count` and `page_number`. */
  legacyPageFields: boolean;
  /** What happens to a query for recordings over more than one month. */
  recordingRange: 'clamp' | 'error';
  /** What a list without any recording is: an empty list, or 404 with code 3301. */
  noRecordings: 'empty_list' | 'error';
  rateLimitPlan: 'off' | 'free' | 'pro' | 'business';
  rateLimitHeaders: 'none' | 'category' | 'full';
}

/** Where reports about Zoom's behaviour disagree, the default is the worst case. */
export const DEFAULT_SETTINGS: Readonly<SandboxSettings> = {
  rotation: 'strict',
  graceMs: 60_000,
  tokenLatencyMs: 0,
  autoApprove: false,
  declineRedirects: true,
  ownAccountOnly: false,
  omitApiUrl: false,
  codeSurvivesWrongVerifier: true,
  revokeUnknownToken: 'success',
  legacyPageFields: true,
  recordingRange: 'clamp',
  noRecordings: 'empty_list',
  rateLimitPlan: 'off',
  rateLimitHeaders: 'category',
};
