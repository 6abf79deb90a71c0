/** Who asks for whose meeting. */
export interface StartUrlQuestion {
  /** The platform user who calls. */
  callerId: string;
  /** The platform user whose connection the meeting was read with; undefined: the app's. */
  readAs: string | undefined;
  /** The Zoom user of that connection. */
  zoomUserId: string | undefined;
  hostId: string | undefined;
}

/**
 * Whether a caller may have a meeting's `start_url`, which signs whoever opens it in as the host (zoom-protocol
 * §9.14): only the host in person. Not a service that acts for them, and nobody for a meeting in the app's account.
 */
export function mayStart({ callerId, readAs, zoomUserId, hostId }: StartUrlQuestion): boolean {
  return readAs === callerId && zoomUserId !== undefined && zoomUserId === hostId;
}
