import { explain, printable } from '../../../src/cli/support/explain.js';
import { parseSupportCommand } from '../../../src/cli/support/command-line.js';
import { contactLines } from '../../../src/cli/support/contacts.js';
import { type Grant } from '../../../src/grants/grant.js';
import { type GrantReader } from '../../../src/grants/store/grant-reader.js';
import { type AuditEvent } from '../../../src/models/audit-event.js';
import { at, NOW, someGrant } from '../../support/grant-fixture.js';

const MINUTE = 60_000;

describe('the arguments', () => {
  test.each([
    [['why', 'user-1'], { kind: 'why', userId: 'user-1' }],
    [['why', '--user', 'user-1'], { kind: 'why', userId: 'user-1' }],
    [['why', '--user=--odd'], { kind: 'why', userId: '--odd' }],
    [['why', '--', '-user'], { kind: 'why', userId: '-user' }],
    [
      ['contact'],
      {
        kind: 'contact',
        filter: { since: new Date(0), status: 'REAUTHORIZATION_REQUIRED' },
        format: 'ndjson',
      },
    ],
    [
      ['contact', '--since', '2026-11-27', '--reason', 'ROTATION_LOST', '--format', 'csv'],
      {
        kind: 'contact',
        filter: { since: new Date('2026-11-27T00:00:00Z'), reason: 'ROTATION_LOST' },
        format: 'csv',
      },
    ],
    [
      ['contact', '--since', '2026-11-27T09:30', '--status', 'REVOKED'],
      {
        kind: 'contact',
        filter: { since: new Date('2026-11-27T09:30:00Z'), status: 'REVOKED' },
        format: 'ndjson',
      },
    ],
  ])('%j are understood', (args, command) => {
    expect(parseSupportCommand(args)).toEqual(command);
  });

  test.each([
    [['why']],
    [['why', '']],
    [['why', 'a', 'b']],
    [['why', 'a', '--user', 'b']],
    [['contact', 'user-1']],
    [['contact', '--since', 'yesterday']],
    [['contact', '--since', '2026-13-01']],
    [['contact', '--since', '27.11.2026']],
    [['contact', '--reason', 'BAD_LUCK']],
    [['contact', '--status', 'NOT_CONNECTED']],
    [['contact', '--format', 'xml']],
    [['contact', '--everybody']],
    [['erase']],
  ])('%j are refused with a sentence', (args) => {
    expect(parseSupportCommand(args)).toEqual({ kind: 'usage', problem: expect.any(String) as string });
  });

  test.each([[[]], [['--help']], [['why', '-h']]])('%j print how to use it', (args) => {
    expect(parseSupportCommand(args)).toEqual({ kind: 'usage' });
  });
});

describe('why', () => {
  const event = (minutes: number, changes: Partial<AuditEvent> = {}): AuditEvent => ({
    _id: `event-${minutes}`,
    occurredAt: at(minutes * MINUTE),
    type: 'grant.authorized',
    userId: 'user-1',
    actor: { kind: 'user', id: 'user-1' },
    expiresAt: at(0),
    ...changes,
  });
  const explained = (grant: Grant | undefined, events: AuditEvent[] = [], hasMore = false) =>
    explain({ userId: 'user-1', grant, missingScopes: [], events, hasMore }, NOW).join('\n');

  test('an ended connection has its reason in words, and what to do', () => {
    const grant = someGrant({ isActive: false, reason: 'ROTATION_LOST', since: at(-2 * 86_400_000) });
    expect(explained(grant)).toBe(
      [
        'User:    user-1',
        'Status:  REAUTHORIZATION_REQUIRED since 2026-01-13T12:00:00.000Z (2 days ago)',
        'Reason:  ROTATION_LOST: a process of this server died after Zoom had replaced the tokens and before they were stored; the user has done nothing',
        'To do:   Ask the user to connect again.',
        '',
        'The audit trail has no event of this user.',
      ].join('\n'),
    );
  });

  test('a user without a grant has never connected', () => {
    expect(explained(undefined)).toContain('Status:  NOT_CONNECTED\nTo do:   Ask the user to connect.');
  });

  test('a connection whose refreshes fail says how often, why and when the next try is', () => {
    const refreshBackoff = { code: 'ZOOM_APP_MISCONFIGURED', retryAt: at(MINUTE) } as const;
    const text = explained(someGrant({ refreshErrorCount: 7, refreshBackoff }));
    expect(text).toContain(
      'Refresh: failed 7 times in a row (ZOOM_APP_MISCONFIGURED), next try at 2026-01-15T12:01:00.000Z or later',
    );
    expect(text).toContain('The operator has to act');
  });

  test('events come in order, and those of one kind in a row are one line', () => {
    const failed = { type: 'refresh.failed', cause: 'ZOOM_UNAVAILABLE', actor: { kind: 'system' } } as const;
    const ended = { type: 'grant.ended', cause: 'REFRESH_TOKEN_REJECTED', zoomTrackingId: 'zm-1' } as const;
    const events = [
      event(-1, { ...ended, actor: { kind: 'system' } }),
      event(-2, failed),
      event(-3, failed),
      event(-4, failed),
      event(-5, { correlationId: 'request-1' }),
    ];
    expect(explained(someGrant(), events, true).split('\n').slice(-4)).toEqual([
      'What happened, the oldest first (older events are left out):',
      '2026-01-15T11:55:00.000Z  was connected (by user user-1; request request-1)',
      '2026-01-15T11:56:00.000Z  a refresh failed, the connection stayed (ZOOM_UNAVAILABLE; by system; 3 times until 2026-01-15T11:58:00.000Z)',
      "2026-01-15T11:59:00.000Z  the connection ended, because Zoom does not accept it any more (REFRESH_TOKEN_REJECTED; by system; Zoom's tracking id zm-1)",
    ]);
  });

  test.each([
    ['user-1', 'user-1'],
    ['a b', '"a b"'],
    ['\u001b[2J', '"\\u001b[2J"'],
    ['\u009b2J', '"?2J"'],
    ['line\nbreak', '"line\\nbreak"'],
  ])('the id %j is printed as %s', (id, printed) => {
    expect(printable(id)).toBe(printed);
  });
});

describe('contact', () => {
  const grants = (rows: Grant[]) => {
    const list: GrantReader['list'] = (_filter, limit, after) => {
      const start = after ? rows.findIndex(({ userId }) => userId === after.userId) + 1 : 0;
      return Promise.resolve(rows.slice(start, start + limit));
    };
    return { list } as GrantReader;
  };
  const linesOf = async (rows: Grant[], format: 'ndjson' | 'csv') => {
    const lines: string[] = [];
    for await (const line of contactLines(grants(rows), { since: at(0) }, format, NOW)) lines.push(line);
    return lines;
  };

  test('a list of many reads is whole', async () => {
    const rows = Array.from({ length: 1_001 }, (_each, index) => someGrant({ userId: `user-${index}` }));
    const lines = await linesOf(rows, 'ndjson');
    expect(new Set(lines.map((line) => (JSON.parse(line) as { userId: string }).userId)).size).toBe(1_001);
    expect(lines).toHaveLength(1_001);
  });

  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "a"', '"say ""a"""'],
    ['=1+1', "'=1+1"],
    ['@a,b', '"\'@a,b"'],
  ])('the user id %j is %s in CSV', async (userId, field) => {
    const grant = someGrant({ userId, isActive: false, reason: 'SUPERSEDED', since: NOW });
    expect(await linesOf([grant], 'csv')).toEqual([
      'userId,status,reason,since',
      `${field},REAUTHORIZATION_REQUIRED,SUPERSEDED,2026-01-15T12:00:00.000Z`,
    ]);
  });
});
