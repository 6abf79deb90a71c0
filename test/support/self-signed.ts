import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate that vouches for itself, and its private key, as PEM. */
export interface SelfSigned {
  cert: string;
  key: string;
}

const DAY_MS = 86_400_000;
const COMMON_NAME = 'zoom-grant-server test';
// Object identifiers in DER, without tag and length.
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const NAME = '550403';
const ALTERNATIVE_NAMES = '551d11';
const BASIC_CONSTRAINTS = '551d13';

/** A value of DER (X.690): its tag, the length of its content, and the content. */
function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const short = body.length < 128;
  const length = short ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...content: Uint8Array[]) => der(0x30, ...content);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const octets = (content: Uint8Array) => der(0x04, content);
const bits = (content: Uint8Array) => der(0x03, Buffer.from([0]), content);
/** A UTCTime of DER: two digits for the year, then month, day and time. */
const time = (ms: number) => {
  const iso = new Date(ms).toISOString();
  return der(0x17, Buffer.from(iso.replace(/[-:T]|\.\d+/g, '').slice(2)));
};

/** A certificate for 127.0.0.1 and localhost (RFC 5280), good for a day. A client has to be told to trust it. */
export function selfSigned(): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const name = sequence(der(0x31, sequence(oid(NAME), der(0x0c, Buffer.from(COMMON_NAME)))));
  const hosts = sequence(der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost')));
  const extensions = sequence(
    sequence(oid(ALTERNATIVE_NAMES), octets(hosts)),
    sequence(oid(BASIC_CONSTRAINTS), octets(sequence(der(0x01, Buffer.from([0xff]))))),
  );
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ...[algorithm, name],
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    ...[name, publicKey.export({ type: 'spki', format: 'der' })],
    der(0xa3, extensions),
  );
  const certificate = sequence(content, algorithm, bits(sign('sha256', content, privateKey)));
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}
