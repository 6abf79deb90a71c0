import { type Secret } from '../../lib/secret.js';
import { type Grant } from '../grant.js';

/** A usable access token. */
export interface AccessToken {
  value: Secret;
  /** Says which token this is. When Zoom has refused it, name this version to get another. */
  version: number;
  /** The grant that the token belongs to, as it was read last. */
  grant: Grant;
}
