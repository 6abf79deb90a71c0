// Types of what the conformance tests use of libraries whose own types are missing or cannot be used.

/** simple-oauth2 5 brings no types along. It is a CommonJS module: what it exports is its default export. */
declare module 'simple-oauth2' {
  namespace library {
    interface AccessToken {
      token: { access_token: string; refresh_token: string };
      expired(windowSeconds?: number): boolean;
      refresh(): Promise<AccessToken>;
      revokeAll(): Promise<void>;
    }
  }
  interface AuthorizationCode {
    authorizeURL(parameters: { redirect_uri: string; state: string; scope?: string[] }): string;
    getToken(parameters: { code: string; redirect_uri: string }): Promise<library.AccessToken>;
    createToken(token: { access_token: string; refresh_token: string }): library.AccessToken;
  }
  interface Options {
    client: { id: string; secret: string };
    auth: { tokenHost: string };
    options: { scopeSeparator: string };
  }
  const library: { AuthorizationCode: new (options: Options) => AuthorizationCode };
  export = library;
}

/** test/support/auth-js.mjs says why it is JavaScript. */
declare module '*/auth-js.mjs' {
  type SessionToken = Record<string, unknown>;
  interface AuthJsOptions {
    url: string;
    clientId: string;
    clientSecret: string;
    redirectUri: string;
    /** The callback `jwt` of Auth.js: `account` is there at a sign-in only. Its result is kept in the session. */
    jwt: (given: {
      token: SessionToken;
      account?: { access_token: string; refresh_token: string };
    }) => Promise<SessionToken>;
    /** Takes what Auth.js logs as an error. */
    onError: (error: Error) => void;
  }
  interface AuthJsAnswer {
    redirect?: string;
    cookies: { name: string; value: string }[];
  }
  export function createAuthJs(options: AuthJsOptions): (request: Request) => Promise<AuthJsAnswer>;
}
