import { type StandIns } from './stand-ins.js';

/** The text for a person who has just started the server: what runs where, and what to try. */
export async function banner({ config, sandboxUrl, embedded, issueToken }: StandIns): Promise<string> {
  const url = new URL(config.zoom.redirectUri).origin;
  const rows: [string, string][] = [
    ...(config.http.pages ? [['Demo page', `${url}/`] as [string, string]] : []),
    ['GraphQL', `${url}/graphql${config.http.pages ? `, to try out at ${url}/graphiql` : ''}`],
    ['Zoom', sandboxUrl ? `${sandboxUrl}  SANDBOX, not Zoom` : config.zoom.oauthBaseUrl],
    ['Database', embedded ? `embedded, kept in ${config.dataDir}` : 'as set by MONGODB_URI'],
  ];
  if (sandboxUrl)
    rows.push([
      'Real Zoom',
      'set ZOOM_USER_MANAGED_CLIENT_ID, _SECRET, ZOOM_REDIRECT_URI, an AUTH_* and TOKEN_ENCRYPTION_KEYS',
    ]);
  if (embedded) rows.push(['Real MongoDB', 'set MONGODB_URI']);
  if (sandboxUrl || embedded) rows.push(['All variables', '.env.example']);
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
  return `\n${table}\n${issueToken ? tryIt(url, await issueToken('demo-user')) : ''}\n`;
}

function tryIt(url: string, token: string): string {
  return `
  A development token for the user "demo-user", good for 12 hours, and a first query:

TOKEN=${token}
curl -s ${url}/graphql -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
  -d '{"query":"{ zoomConnection { status nextAction } }"}'
`;
}
