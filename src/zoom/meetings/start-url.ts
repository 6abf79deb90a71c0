export interface StartUrlQuestion {
  /** The platform user who calls. */
  callerId: string;
  /** The platform user with whose connection the meeting was read; undefined: it was read as the app. */
  readAs: string | undefined;
  /** The Zoom user of that connection. */
  zoomUserId: string | undefined;
  hostId: string | undefined;
}

/**
 * Whether a caller may see the `start_url` of a meeting, which signs in whoever opens it as the host
 * (docs/zoom-protocol.md §9.14). Only the host may: no service that acts for the host, and nobody for a meeting in the
 * app's account.
 */
export function mayStart({ callerId, readAs, zoomUserId, hostId }: StartUrlQuestion): boolean {
  return readAs === callerId && zoomUserId !== undefined && zoomUserId === hostId;
}
