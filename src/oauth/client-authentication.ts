import { type ClientAuth } from 'oauth4webapi';
import { type Secret } from '../lib/secret.js';

/**
 * Authenticates the client by `client_secret_basic`: id and secret form-encoded before Basic encoding. Zoom's ids hold
 * `_` and `-`, which the encoding leaves as they are; the library's own would escape them, and a server that does not
 * decode would then refuse the right credentials.
 * @see RFC 6749 §2.3.1
 */
export function clientSecretBasic(clientId: string, clientSecret: Secret): ClientAuth {
  return (_server, _client, _body, headers) => {
    const credentials = `${formEncode(clientId)}:${formEncode(clientSecret.reveal())}`;
    headers.set('authorization', `Basic ${Buffer.from(credentials, 'ascii').toString('base64')}`);
  };
}

/** `application/x-www-form-urlencoded`, of one value. */
function formEncode(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1);
}
