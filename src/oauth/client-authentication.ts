import { type ClientAuth } from 'oauth4webapi';
import { type Secret } from '../lib/secret.js';

/**
 * Authenticates the client by `client_secret_basic`: id and secret are form-encoded and then Base64-encoded. The same
 * function of oauth4webapi also escapes `_` and `-`, which Zoom's ids contain. A server that does not decode them would
 * refuse the correct credentials.
 * @see RFC 6749 §2.3.1
 */
export function clientSecretBasic(clientId: string, clientSecret: Secret): ClientAuth {
  return (_server, _client, _body, headers) => {
    const credentials = `${formEncode(clientId)}:${formEncode(clientSecret.reveal())}`;
    headers.set('authorization', `Basic ${Buffer.from(credentials, 'ascii').toString('base64')}`);
  };
}

/** Encodes one value as `application/x-www-form-urlencoded`. */
function formEncode(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1);
}
