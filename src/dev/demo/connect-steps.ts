import { pressAllow } from './browser.js';
import { type DemoSystem } from './demo-system.js';
import { expectEqual, expectThat, type Step } from './step.js';

const CONNECTION = `{ zoomConnection {
  status nextAction zoomEmail grantedScopes missingScopes accessTokenExpiresAt } }`;
const START = 'mutation { startZoomAuthorization { authorizationUrl expiresAt } }';

interface ConnectionData {
  zoomConnection: {
    status: string;
    nextAction: string;
    zoomEmail: string | null;
    grantedScopes: string[];
    missingScopes: string[];
    accessTokenExpiresAt: string | null;
  };
}

/** How a user connects: start, consent, callback. */
export function connectSteps({ graphql, browser, url, userId, now }: DemoSystem): Step[] {
  let authorizationUrl = '';
  let callbackUrl = '';
  const minutesUntil = (instant: string | null) =>
    Math.round((Date.parse(instant ?? '') - now().getTime()) / 60_000);
  return [
    {
      title: 'A user who has never connected asks for the status',
      run: async () => {
        const { data } = await graphql<ConnectionData>(CONNECTION);
        expectEqual('the status', data?.zoomConnection.status, 'NOT_CONNECTED');
        return [
          ['query', `zoomConnection, as ${userId}`],
          ['status, nextAction', `${data?.zoomConnection.status}, ${data?.zoomConnection.nextAction}`],
        ];
      },
    },
    {
      title: 'The user clicks Connect: the authorization is started',
      run: async () => {
        const { data } = await graphql<{
          startZoomAuthorization: { authorizationUrl: string; expiresAt: string };
        }>(START);
        authorizationUrl = data?.startZoomAuthorization.authorizationUrl ?? '';
        const parameters = new URL(authorizationUrl).searchParams;
        expectEqual('the PKCE method', parameters.get('code_challenge_method'), 'S256');
        const [cookie = ''] = browser.cookies(url);
        expectThat('the answer sets a cookie that binds the browser', cookie.startsWith('zoom_auth_'));
        return [
          ['mutation', 'startZoomAuthorization'],
          ['authorizationUrl', authorizationUrl.replace(/\?.*/, '?…')],
          ['its parameters', [...parameters.keys()].join(', ')],
          ['cookie set', `${cookie}, HttpOnly`],
          ['good for', `${minutesUntil(data?.startZoomAuthorization.expiresAt ?? null)} minutes`],
        ];
      },
    },
    {
      title: 'The user consents on the page of Zoom (the sandbox)',
      run: async () => {
        const page = await browser.fetch(authorizationUrl);
        expectEqual('the HTTP status of the consent page', page.status, 200);
        callbackUrl = await pressAllow(browser, authorizationUrl, await page.text());
        expectThat('Zoom sends the browser back with a code', new URL(callbackUrl).searchParams.has('code'));
        return [
          ['pressed', 'Allow'],
          ['sent to', callbackUrl.replace(/\?.*/, '?code=…&state=…')],
        ];
      },
    },
    {
      title: 'The callback redeems the code and sends the browser home',
      run: async () => {
        const once = await browser.fetch(callbackUrl);
        expectEqual('the redirect', once.headers.get('location'), `${url}/?zoom=connected`);
        const twice = await browser.fetch(callbackUrl);
        expectEqual(
          'the redirect of a second try',
          twice.headers.get('location'),
          `${url}/?zoom=error&reason=state_unknown`,
        );
        return [
          ['answer', `HTTP ${once.status}, to ${once.headers.get('location')}`],
          ['the same URL again', `to ${twice.headers.get('location')}`],
        ];
      },
    },
    {
      title: 'The user is connected',
      run: async () => {
        const { data } = await graphql<ConnectionData>(CONNECTION);
        const connection = data?.zoomConnection;
        expectEqual('the status', connection?.status, 'CONNECTED');
        expectEqual('the number of missing scopes', connection?.missingScopes.length, 0);
        return [
          ['status, nextAction', `${connection?.status}, ${connection?.nextAction}`],
          ['zoomEmail', connection?.zoomEmail ?? ''],
          ['scopes', `${connection?.grantedScopes.length} granted, none missing`],
          ['access token', `ends in ${minutesUntil(connection?.accessTokenExpiresAt ?? null)} minutes`],
        ];
      },
    },
  ];
}
