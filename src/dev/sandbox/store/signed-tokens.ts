import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { type MovableClock } from './time.js';

const SIGNATURE_LENGTH = 43;

export type TokenKind = 'access' | 'refresh';

/** The grant of a token, with its client, user and account. */
export interface TokenSubject {
  grantId: string;
  clientId: string;
  zoomUserId: string;
  accountId: string;
}

interface MintedToken {
  token: string;
  jti: string;
  expiresAtMs: number;
}

export interface MintSecret {
  key: string;
  keyId: string;
}

const newSecret = (): MintSecret => ({ key: randomBytes(64).toString('base64url'), keyId: randomUUID() });
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Signs JWTs that look like those of Zoom (HS512, `v` and `kid` in the header) with a key of this sandbox.
 * Signing is synchronous, so that no other request can run in the middle of a rotation.
 */
export class TokenMint {
  private readonly key: Buffer;

  constructor(readonly secret: MintSecret = newSecret()) {
    this.key = Buffer.from(secret.key, 'base64url');
  }

  mint(kind: TokenKind, subject: TokenSubject, nowMs: number, lifetimeMs: number): MintedToken {
    const jti = randomUUID();
    const issuedAt = Math.floor(nowMs / 1000);
    const header = { alg: 'HS512', v: '2.0', kid: this.secret.keyId };
    const claims = {
      ver: 10,
      auid: randomBytes(16).toString('hex'),
      code: subject.grantId,
      iss: `zm:cid:${subject.clientId}`,
      gno: 0,
      type: kind === 'access' ? 0 : 1,
      tid: 0,
      aud: 'https://oauth.zoom.us',
      uid: subject.zoomUserId,
      nbf: issuedAt,
      exp: issuedAt + lifetimeMs / 1000,
      iat: issuedAt,
      aid: subject.accountId,
      jti,
    };
    const content = `${encode(header)}.${encode(claims)}`;
    return { token: `${content}.${this.sign(content)}`, jti, expiresAtMs: nowMs + lifetimeMs };
  }

  /** The `jti` of a token that this mint signed. Undefined for any other text. */
  read(token: string): string | undefined {
    const end = token.lastIndexOf('.');
    const content = token.slice(0, Math.max(end, 0));
    const given = Buffer.from(token.slice(end + 1));
    const expected = Buffer.from(this.sign(content));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const claims = JSON.parse(Buffer.from(content.split('.')[1] ?? '', 'base64url').toString()) as {
      jti: string;
    };
    return claims.jti;
  }

  private sign(content: string): string {
    return createHmac('sha512', this.key).update(content).digest('base64url');
  }
}

/** Opaque tokens that contain a number, expire, and are valid only together with the text they were bound to. */
export class OpaqueTokens {
  private readonly key = randomBytes(32);

  constructor(private readonly clock: MovableClock) {}

  issue(binding: string, value: number, lifetimeMs: number): string {
    const content = Buffer.from(JSON.stringify([value, this.clock.nowMs() + lifetimeMs]));
    return `${content.toString('base64url')}${this.sign(content, binding)}`;
  }

  /** The number in a token. Undefined if the token is forged, expired or bound to another text. */
  read(token: string, binding: string): number | undefined {
    const content = Buffer.from(token.slice(0, -SIGNATURE_LENGTH), 'base64url');
    if (this.sign(content, binding) !== token.slice(-SIGNATURE_LENGTH)) return undefined;
    const [value, expiresAtMs] = JSON.parse(content.toString()) as [number, number];
    return this.clock.nowMs() < expiresAtMs ? value : undefined;
  }

  private sign(content: Buffer, binding: string): string {
    return createHmac('sha256', this.key).update(content).update(binding).digest('base64url');
  }
}
