/** What happens to the older tokens of a grant when its refresh token is redeemed. */
export type RotationPolicy = 'strict' | 'grace';

/** Behaviours of Zoom that are uncertain or vary between apps, each with a switch. */
export interface SandboxSettings {
  rotation: RotationPolicy;
  /** How long a redeemed refresh token is still accepted under `grace`. */
  graceMs: number;
  /** Artificial latency of the token endpoint. */
  tokenLatencyMs: number;
  /** Skip the consent page for a user who already granted the same scopes in this browser. */
  autoApprove: boolean;
  /** Whether Decline returns to the app with `error=access_denied`, or leaves the user at Zoom. */
  declineRedirects: boolean;
  /** Refuse users of other accounts while the app is not published. */
  ownAccountOnly: boolean;
  omitApiUrl: boolean;
  revokeUnknownToken: 'success' | 'error';
  /** Whether list answers carry `page_count` and `page_number`. */
  legacyPageFields: boolean;
  /** What a recording query over more than one month does. */
  recordingRange: 'clamp' | 'error';
  rateLimitPlan: 'off' | 'free' | 'pro' | 'business';
  rateLimitHeaders: 'none' | 'category' | 'full';
}

/** The settings of a fresh sandbox: the worst case where Zoom's behaviour is disputed. */
export const DEFAULT_SETTINGS: Readonly<SandboxSettings> = {
  rotation: 'strict',
  graceMs: 60_000,
  tokenLatencyMs: 0,
  autoApprove: false,
  declineRedirects: true,
  ownAccountOnly: false,
  omitApiUrl: false,
  revokeUnknownToken: 'success',
  legacyPageFields: true,
  recordingRange: 'clamp',
  rateLimitPlan: 'off',
  rateLimitHeaders: 'category',
};
