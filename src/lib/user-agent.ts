/** The version of this server. It is that of package.json; a test compares them. */
export const VERSION = '0.1.0';

/** How this server names itself in the requests that it sends: the product and its version (RFC 9110 §10.1.5). */
export const USER_AGENT = `zoom-grant-server/${VERSION}`;
