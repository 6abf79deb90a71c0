import { type Initiator } from '../audit/audit-log.js';
import { type ZoomAccess } from '../zoom/api/zoom-access.js';

/** The user whose meetings a request is about. */
export interface MeetingCaller {
  userId: string;
  initiator: Initiator;
  /** Zoom as this user sees it. */
  zoom: ZoomAccess;
  /** Zoom's id of the user while connected; undefined: not connected, or not known. */
  zoomUserId: () => Promise<string | undefined>;
}
