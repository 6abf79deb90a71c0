/** An error of the API, with its code. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly retryAt: string | undefined,
  ) {
    super(message);
  }
}

/** Runs one operation as the user of `token`. Sends cookies too: the callback demands the one that the start sets. */
export async function execute<T>(token: string, query: string, variables: object = {}): Promise<T> {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'include',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as {
    data?: T;
    errors?: { message: string; extensions?: { code?: string; retryAt?: string } }[];
  };
  const [error] = errors ?? [];
  if (error)
    throw new ApiError(error.message, error.extensions?.code ?? 'UNKNOWN', error.extensions?.retryAt);
  return data as T;
}

export interface Connection {
  status: string;
  reason: string | null;
  nextAction: string;
  since: string | null;
  zoomEmail: string | null;
  zoomUserId: string | null;
  grantedScopes: string[];
  missingScopes: string[];
  accessTokenExpiresAt: string | null;
  lastUsedAt: string | null;
}

const CONNECTION_FIELDS = `status reason nextAction since zoomEmail zoomUserId grantedScopes missingScopes
  accessTokenExpiresAt lastUsedAt`;

export const CONNECTION = `{ zoomConnection { ${CONNECTION_FIELDS} } }`;
export const START = `mutation Start($input: StartZoomAuthorizationInput) {
  startZoomAuthorization(input: $input) { authorizationUrl } }`;
export const REFRESH = `mutation { refreshZoomToken { connection { ${CONNECTION_FIELDS} } } }`;
export const REVOKE = `mutation { revokeZoom { revokedAtZoom connection { ${CONNECTION_FIELDS} } } }`;

export interface Profile {
  displayName: string | null;
  email: string | null;
  type: string;
  timezone: string | null;
  personalMeetingUrl: string | null;
}

export const PROFILE = '{ zoomProfile { displayName email type timezone personalMeetingUrl } }';

export interface Meeting {
  id: string;
  topic: string | null;
  startTime: string | null;
  durationMinutes: number | null;
  joinUrl: string | null;
}

export interface Meetings {
  totalCount: number | null;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  edges: { node: Meeting }[];
}

export const MEETINGS = `query Meetings($after: String) { zoomMeetings(first: 10, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  edges { node { id topic startTime durationMinutes joinUrl } } } }`;
