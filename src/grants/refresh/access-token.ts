import { type Secret } from '../../lib/secret.js';
import { type Grant } from '../grant.js';

/** A usable access token. */
export interface AccessToken {
  value: Secret;
  /** Says which token this is: after Zoom has refused it, ask for another version. */
  version: number;
  /** The grant the token belongs to, as last read. */
  grant: Grant;
}
