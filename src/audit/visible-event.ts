import { type AuditEvent } from '../models/audit-event.js';

/** Who reads a trail: the claims of the platform's token. */
export interface Viewer {
  userId: string;
  role: 'user' | 'service' | 'admin';
}

/**
 * What `viewer` may see of an event in a trail that the viewer may read. Admins see everything. A user sees the id,
 * address, browser and request of an actor only where the user is the actor, and otherwise only of what kind the actor
 * was. The same holds for a service that reads for a user, because it passes on what it reads; it also sees what it has
 * done itself.
 */
export function visibleEvent(event: AuditEvent, viewer: Viewer): AuditEvent {
  if (viewer.role === 'admin' || isOwn(event, viewer)) return event;
  const { kind } = event.actor;
  return Object.assign({}, event, { actor: { kind }, deviceInfo: undefined, correlationId: undefined });
}

/** Whether the user whose trail it is, or the viewer, did it. A user and a service may have the same id. */
function isOwn({ actor, userId }: AuditEvent, viewer: Viewer): boolean {
  const isSubject = actor.kind === 'user' && actor.id === userId;
  const isViewer = actor.kind === viewer.role && actor.id === viewer.userId;
  return isSubject || isViewer;
}
