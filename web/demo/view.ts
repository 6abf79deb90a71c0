import { type Connection, type Meeting, type Meetings, type Profile } from './graphql';
import { connectionSentence, pointInTime, STATUS_WORDS } from './words';

/** The element with that id. It must be of the given class. */
export function elementOf<T extends HTMLElement>(type: new () => T, id: string): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} with the id ${id}.`);
  return found;
}

/** The element with that id. */
export function element(id: string): HTMLElement {
  return elementOf(HTMLElement, id);
}

/** Shows a message above the page. Screen readers read it aloud. */
export function notify(kind: 'good' | 'bad', message: string): void {
  const note = document.createElement('p');
  note.className = `notice ${kind}`;
  note.textContent = message;
  element('notice').replaceChildren(note);
}

export function clearNotice(): void {
  element('notice').replaceChildren();
}

/** Shows the connection and the buttons that make sense for it. */
export function showConnection(connection: Connection): void {
  const { status, nextAction, since, accessTokenExpiresAt, lastUsedAt, grantedScopes } = connection;
  const connected = status === 'CONNECTED';
  const pill = element('status');
  pill.dataset.status = connected && nextAction !== 'NONE' ? 'ATTENTION' : status;
  pill.textContent = STATUS_WORDS[status] ?? status;
  element('sentence').textContent = connectionSentence(connection);
  element('details').replaceChildren(
    ...terms([
      ['Since', since && pointInTime(since)],
      ['Access token ends', accessTokenExpiresAt && pointInTime(accessTokenExpiresAt)],
      ['Last used', connected ? (lastUsedAt ? pointInTime(lastUsedAt) : 'not yet') : null],
    ]),
    ...(connected ? permissions(grantedScopes) : []),
  );
  const connect = elementOf(HTMLButtonElement, 'connect');
  connect.hidden = connected && nextAction !== 'RECONNECT';
  connect.textContent = status === 'NOT_CONNECTED' ? 'Connect Zoom' : 'Connect again';
  element('refresh').hidden = !connected;
  element('disconnect').hidden = !connected;
}

/** Shows that the connection is not known. */
export function showUnknown(): void {
  const pill = element('status');
  pill.dataset.status = '';
  pill.textContent = 'Unknown';
  element('sentence').textContent = '';
  element('details').replaceChildren();
  for (const id of ['connect', 'refresh', 'disconnect']) element(id).hidden = true;
  hideZoomData();
}

export function showProfile({ displayName, email, type, timezone, personalMeetingUrl }: Profile): void {
  element('profile').replaceChildren(
    ...terms([
      ['Name', displayName],
      ['Email', email],
      ['Licence', type.charAt(0) + type.slice(1).toLowerCase()],
      ['Time zone', timezone],
      ['Personal room', personalMeetingUrl],
    ]),
  );
  element('profile-card').hidden = false;
}

/** Shows a part of the list. `follows`: it is added to what is shown already. */
export function showMeetings({ edges, pageInfo, totalCount }: Meetings, follows: boolean): void {
  const list = element('meetings');
  const items = edges.map(({ node }) => meetingItem(node));
  if (follows) list.append(...items);
  else list.replaceChildren(...items);
  const shown = list.childElementCount;
  element('meetings-count').textContent = totalCount === null ? `${shown}` : `${shown} of ${totalCount}`;
  element('more').hidden = !pageInfo.hasNextPage;
  element('meetings-card').hidden = false;
  // Moves the keyboard focus from the button to the first new item.
  if (follows) items[0]?.focus();
}

export function hideZoomData(): void {
  element('profile-card').hidden = true;
  element('meetings-card').hidden = true;
}

function meetingItem({ topic, startTime, durationMinutes, joinUrl }: Meeting): HTMLLIElement {
  const item = document.createElement('li');
  item.tabIndex = -1;
  const when = document.createElement('span');
  when.className = 'when';
  when.textContent = startTime ? pointInTime(startTime) : 'No fixed time';
  const what = document.createElement('span');
  what.className = 'what';
  what.textContent = topic ?? 'Without a topic';
  const length = document.createElement('span');
  length.className = 'length';
  length.textContent = durationMinutes ? `${durationMinutes} min` : '';
  item.append(what, when, length);
  if (joinUrl && /^https?:/.test(joinUrl)) item.append(joinLink(joinUrl, what.textContent));
  return item;
}

function joinLink(url: string, topic: string): HTMLAnchorElement {
  const link = document.createElement('a');
  Object.assign(link, { href: url, target: '_blank', rel: 'noreferrer', textContent: 'Join' });
  link.setAttribute('aria-label', `Join ${topic}`);
  return link;
}

/** The scopes, folded away because few people want to read them. */
function permissions(scopes: string[]): HTMLElement[] {
  const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
  dt.textContent = 'Permissions';
  const [details, summary, list] = [
    document.createElement('details'),
    document.createElement('summary'),
    document.createElement('code'),
  ];
  summary.textContent = `${scopes.length} granted`;
  list.textContent = scopes.join(', ');
  details.append(summary, list);
  dd.append(details);
  return [dt, dd];
}

function terms(rows: [term: string, value: string | null][]): HTMLElement[] {
  return rows.flatMap(([term, value]) => {
    if (!value) return [];
    const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
    dt.textContent = term;
    dd.textContent = value;
    return [dt, dd];
  });
}
