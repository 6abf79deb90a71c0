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

/** The scopes of `needed` that `granted` contains in no form: granular, classic or admin. */
export function scopesMissing(granted: readonly string[], needed: readonly GranularScope[]): GranularScope[] {
  const held = new Set(granted);
  return needed.filter((scope) => {
    const classic = CLASSIC_SCOPE[scope];
    return ![scope, `${scope}:admin`, classic, `${classic}:admin`].some((form) => held.has(form));
  });
}

/** The required scopes that a grant lacks. */
export function missingRequiredScopes(granted: readonly string[]): string[] {
  return scopesMissing(granted, REQUIRED_SCOPES);
}
