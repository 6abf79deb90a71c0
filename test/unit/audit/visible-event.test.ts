import { type Viewer, visibleEvent } from '../../../src/audit/visible-event.js';
import { ACTOR_KINDS, AUDIT_EVENT_TYPES, type AuditEvent } from '../../../src/models/audit-event.js';

const SUBJECT = 'subject';

/** An event in the trail of `SUBJECT`. Each field that tells who acted holds a text that no other field holds. */
function eventBy(actor: AuditEvent['actor'], type: AuditEvent['type'] = 'grant.superseded'): AuditEvent {
  return {
    _id: 'event',
    occurredAt: new Date('2026-01-15T12:00:00Z'),
    type,
    userId: SUBJECT,
    actor,
    cause: 'SUPERSEDED',
    zoomUserId: 'zoom-user',
    deviceInfo: { ipAddress: '192.0.2.7', userAgent: 'browser-of-actor' },
    correlationId: 'request-of-actor',
    expiresAt: new Date('2027-01-15T12:00:00Z'),
  };
}

/** Who acted. A service or an admin may have the id of the user whose trail it is. */
const ACTORS = ACTOR_KINDS.flatMap((kind): AuditEvent['actor'][] =>
  kind === 'system' || kind === 'zoom'
    ? [{ kind }]
    : [SUBJECT, 'other', 'viewer'].map((id) => ({ kind, id })),
);
const VIEWERS: Viewer[] = [
  { userId: SUBJECT, role: 'user' },
  { userId: 'viewer', role: 'service' },
  { userId: SUBJECT, role: 'service' },
  { userId: 'viewer', role: 'admin' },
];
/** What each viewer sees in full, as `kind id`. */
const IN_FULL: Record<string, string[]> = {
  'user subject': ['user subject'],
  'service viewer': ['user subject', 'service viewer'],
  'service subject': ['user subject', 'service subject'],
  'admin viewer': ACTORS.map(nameOf),
};

function nameOf({ kind, id = '' }: AuditEvent['actor']): string {
  return `${kind} ${id}`.trim();
}

describe.each(VIEWERS)('$role $userId', (viewer) => {
  const inFull = IN_FULL[`${viewer.role} ${viewer.userId}`] ?? [];

  test.each(AUDIT_EVENT_TYPES)('sees of %s who acted only where the viewer may know it', (type) => {
    for (const actor of ACTORS) {
      const event = eventBy(actor, type);
      const seen = visibleEvent(event, viewer);
      if (inFull.includes(nameOf(actor))) expect(seen).toEqual(event);
      else {
        const { _id, occurredAt, userId, cause, zoomUserId, expiresAt } = event;
        const { kind } = actor;
        expect(seen).toEqual({
          _id,
          occurredAt,
          type,
          userId,
          cause,
          zoomUserId,
          expiresAt,
          actor: { kind },
        });
        expect(JSON.stringify(seen)).not.toMatch(/192\.0\.2\.7|of-actor|"other"|"viewer"/);
      }
    }
  });
});

test('the stored event is not changed', () => {
  const event = eventBy({ kind: 'user', id: 'other' });
  const before = structuredClone(event);
  visibleEvent(event, { userId: SUBJECT, role: 'user' });
  expect(event).toEqual(before);
});
