import mongoose from 'mongoose';

type Row = Record<string, unknown>;

/** A row as the former project stored it: plaintext tokens, an ObjectId as the user, what Mongoose adds. */
export const formerRow = (changes: Row = {}): Row => ({
  userId: new mongoose.Types.ObjectId(),
  zoomAccessToken: 'plaintext-access-token',
  zoomRefreshToken: 'plaintext-refresh-token',
  zoomAccessTokenExpiry: new Date('2026-01-01T00:00:00.000Z'),
  zoomUserId: 'former-zoom-user',
  zoomEmail: 'former@example.com',
  grantedScopes: ['user:read:user', 'meeting:write:meeting'],
  authorizedAt: new Date('2025-12-01T00:00:00.000Z'),
  refreshErrorCount: 0,
  isActive: true,
  isRevoked: false,
  createdAt: new Date('2025-12-01T00:00:00.000Z'),
  updatedAt: new Date('2025-12-01T00:00:00.000Z'),
  __v: 0,
  ...changes,
});

/** The former project's row of a user who has clicked Connect and not come back. */
export const pendingRow = (changes: Row = {}): Row =>
  formerRow({ zoomUserId: 'pending', zoomAccessToken: 'pending', zoomRefreshToken: 'pending', ...changes });

/** A row of this product as another release may store it. */
export const rowOfVersion = (schemaVersion: unknown, changes: Row = {}): Row => ({
  ...formerRow(),
  userId: 'newer-user',
  since: new Date('2025-12-01T00:00:00.000Z'),
  tokenVersion: 1,
  refreshAttempt: 1,
  grantGeneration: 1,
  schemaVersion,
  ...changes,
});

/** Rows that are not ours, by what they are. Each is about this user and Zoom user, as far as it can be. */
export const FOREIGN_ROWS: Record<string, (userId: string, zoomUserId: string) => Row[]> = {
  'a connected row of the former project': (_userId, zoomUserId) => [formerRow({ zoomUserId })],
  'pending rows of the former project': () => [pendingRow(), pendingRow(), pendingRow()],
  'two former users on one Zoom account': (_userId, zoomUserId) => [
    formerRow({ zoomUserId }),
    formerRow({ zoomUserId }),
  ],
  'former rows with a text as the user': (userId, zoomUserId) => [
    formerRow({ userId, zoomUserId }),
    formerRow({ userId }),
  ],
  'a former row without any field of ours': () => [{ something: 'else' }],
  'a generation that is no number': (userId, zoomUserId) => [
    formerRow({ userId, zoomUserId, grantGeneration: 'first' }),
  ],
  'rows of a newer release': (userId, zoomUserId) => [
    rowOfVersion(2, { userId, zoomUserId }),
    rowOfVersion(2, { userId, zoomUserId }),
  ],
  'a row whose version is a text': (userId, zoomUserId) => [rowOfVersion('two', { userId, zoomUserId })],
  'an ended row of a newer release': (userId, zoomUserId) => [
    rowOfVersion(7, { userId, zoomUserId, isActive: false, reason: 'REFRESH_TOKEN_REJECTED' }),
  ],
};
