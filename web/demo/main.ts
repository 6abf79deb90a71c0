import {
  ApiError,
  type Connection,
  CONNECTION,
  execute,
  type Meetings,
  MEETINGS,
  type Profile,
  PROFILE,
  REFRESH,
  REVOKE,
  START,
} from './graphql';
import {
  developmentToken,
  hasDevelopmentIssuer,
  pastedToken,
  setPastedToken,
  setUserName,
  userName,
} from './identity';
import {
  clearNotice,
  element,
  elementOf,
  hideZoomData,
  notify,
  showConnection,
  showMeetings,
  showProfile,
  showUnknown,
} from './view';
import { callbackSentence, pointInTime } from './words';

let token = '';
let nextPage: string | undefined;

/** Runs an action of the user and shows its failure in words. Only one action runs at a time. */
async function act(action: () => Promise<void>): Promise<void> {
  const buttons = [...document.querySelectorAll('button')];
  for (const button of buttons) button.disabled = true;
  document.body.setAttribute('aria-busy', 'true');
  try {
    await action();
  } catch (error) {
    notify('bad', failureWords(error));
  } finally {
    for (const button of buttons) button.disabled = false;
    document.body.removeAttribute('aria-busy');
  }
}

function failureWords(error: unknown): string {
  if (!(error instanceof ApiError)) return `The server did not answer. ${(error as Error).message}`;
  const until = error.retryAt ? ` Try again after ${pointInTime(error.retryAt)}.` : '';
  return `${error.message}${until} (${error.code})`;
}

async function signIn(): Promise<void> {
  token = hasDevelopmentIssuer() ? await developmentToken(userName()) : pastedToken();
  showUnknown();
  if (token) await load();
}

async function load(): Promise<void> {
  const { zoomConnection } = await execute<{ zoomConnection: Connection }>(token, CONNECTION);
  await show(zoomConnection);
}

async function show(connection: Connection): Promise<void> {
  showConnection(connection);
  hideZoomData();
  if (connection.status !== 'CONNECTED') return;
  const { zoomProfile } = await execute<{ zoomProfile: Profile }>(token, PROFILE);
  showProfile(zoomProfile);
  await loadMeetings(false);
}

async function loadMeetings(follows: boolean): Promise<void> {
  const after = follows ? nextPage : undefined;
  const { zoomMeetings } = await execute<{ zoomMeetings: Meetings }>(token, MEETINGS, { after });
  nextPage = zoomMeetings.pageInfo.endCursor ?? undefined;
  showMeetings(zoomMeetings, follows);
}

async function connect(): Promise<void> {
  const input = { returnTo: `${location.origin}/` };
  const { startZoomAuthorization } = await execute<{ startZoomAuthorization: { authorizationUrl: string } }>(
    token,
    START,
    { input },
  );
  location.assign(startZoomAuthorization.authorizationUrl);
}

async function refresh(): Promise<void> {
  const { refreshZoomToken } = await execute<{ refreshZoomToken: { connection: Connection } }>(
    token,
    REFRESH,
  );
  showConnection(refreshZoomToken.connection);
  notify('good', 'The access token was replaced.');
}

async function disconnect(): Promise<void> {
  const { revokeZoom } = await execute<{ revokeZoom: { revokedAtZoom: string; connection: Connection } }>(
    token,
    REVOKE,
  );
  await show(revokeZoom.connection);
  const pending = revokeZoom.revokedAtZoom === 'PENDING_RETRY';
  notify(
    'good',
    pending ? 'Disconnected. Zoom will be told as soon as it answers.' : 'Disconnected, here and at Zoom.',
  );
}

/** Shows the outcome of the callback and removes it from the address. */
function readOutcome(): void {
  const url = new URL(location.href);
  const zoom = url.searchParams.get('zoom');
  if (!zoom) return;
  const reason = url.searchParams.get('reason');
  notify(zoom === 'connected' ? 'good' : 'bad', callbackSentence(zoom, reason));
  url.searchParams.delete('zoom');
  url.searchParams.delete('reason');
  history.replaceState(null, '', url);
}

function prepareIdentityForm(): void {
  const input = elementOf(HTMLInputElement, 'identity-value');
  if (hasDevelopmentIssuer()) {
    input.value = userName();
    element('identity-hint').textContent =
      'Any name will do: the development issuer of this server signs a token for it.';
  } else {
    element('identity-label').textContent = 'Bearer token of your platform';
    input.type = 'password';
    input.value = pastedToken();
    element('identity-hint').textContent = 'Kept in this tab only.';
  }
  elementOf(HTMLFormElement, 'identity').addEventListener('submit', (event) => {
    event.preventDefault();
    clearNotice();
    if (hasDevelopmentIssuer()) setUserName(input.value.trim());
    else setPastedToken(input.value);
    void act(signIn);
  });
}

function onClick(id: string, action: () => Promise<void>): void {
  element(id).addEventListener('click', () => {
    clearNotice();
    void act(action);
  });
}

function main(): void {
  const sandbox = document.documentElement.dataset.sandboxUrl;
  const sandboxLink = elementOf(HTMLAnchorElement, 'sandbox-link');
  if (sandbox) Object.assign(sandboxLink, { href: `${sandbox}/marketplace`, hidden: false });
  readOutcome();
  prepareIdentityForm();
  onClick('connect', connect);
  onClick('refresh', refresh);
  onClick('disconnect', disconnect);
  onClick('more', () => loadMeetings(true));
  void act(signIn);
}

main();
