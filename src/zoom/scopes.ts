/** The user-level scopes that this product knows: granular name to classic name (docs/zoom-protocol.md §6). */
const CLASSIC_SCOPE = {
  'user:read:user': 'user:read',
  'user:read:settings': 'user:read',
  'meeting:read:list_meetings': 'meeting:read',
  'meeting:read:list_upcoming_meetings': 'meeting:read',
  'meeting:read:meeting': 'meeting:read',
  'meeting:write:meeting': 'meeting:write',
  'meeting:update:meeting': 'meeting:write',
  'meeting:delete:meeting': 'meeting:write',
  'cloud_recording:read:list_user_recordings': 'recording:read',
  'cloud_recording:read:list_recording_files': 'recording:read',
  'cloud_recording:read:recording': 'recording:read',
  'meeting:read:participant': 'meeting:read',
} as const;

export type GranularScope = keyof typeof CLASSIC_SCOPE;

/** The scopes without which a connection is incomplete. */
const REQUIRED_SCOPES: readonly GranularScope[] = ['user:read:user', 'meeting:read:list_meetings'];

/** Every scope that an authorization may ask for: the granular ones and their classic forms. */
export const KNOWN_SCOPES: ReadonlySet<string> = new Set([
  ...Object.keys(CLASSIC_SCOPE),
  ...Object.values(CLASSIC_SCOPE),
]);

/**
 * A granular scope, `service:action:data`, in its user, admin or master form (docs/zoom-protocol.md §6). The classic
 * `meeting:read:admin` has three parts too.
 */
const GRANULAR = /^\w+:\w+:(?!(?:admin|master)$)\w+(?::admin|:master)?$/;

/**
 * The scopes of `needed` that are certainly not granted: all granted scopes are granular, and none of them covers it.
 * With nothing granted, or with a classic or unknown name among the granted, nothing is certain: then Zoom decides.
 */
export function scopesMissing(granted: readonly string[], needed: readonly GranularScope[]): GranularScope[] {
  if (granted.length === 0 || !granted.every((scope) => GRANULAR.test(scope))) return [];
  const held = new Set(granted.map((scope) => scope.replace(/:(admin|master)$/, '')));
  return needed.filter((scope) => !held.has(scope));
}

/** The required scopes that a grant certainly lacks. */
export function missingRequiredScopes(granted: readonly string[]): string[] {
  return scopesMissing(granted, REQUIRED_SCOPES);
}
