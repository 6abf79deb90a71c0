import { type SandboxUser } from '../store/users.js';
import { escapeHtml } from './page.js';

/** How many users a page shows; with thousands of them a page must stay small. */
export const SHOWN_USERS = 50;

/** Radio buttons that pick a user: the suggested one first, else the first active one is chosen. */
export function userChooser(users: readonly SandboxUser[], suggestedUserId?: string): string {
  const suggested =
    users.find(({ id }) => id === suggestedUserId) ?? users.find(({ status }) => status === 'active');
  const others = users.filter((user) => user !== suggested);
  const shown = [...(suggested ? [suggested] : []), ...others].slice(0, SHOWN_USERS);
  const hidden = users.length - shown.length;
  const rest = hidden > 0 ? `<p class="muted">and ${hidden} more</p>` : '';
  return shown.map((user) => choice(user, user === suggested)).join('') + rest;
}

function choice(user: SandboxUser, checked: boolean): string {
  const isActive = user.status === 'active';
  const attributes = `${checked ? ' checked' : ''}${isActive ? '' : ' disabled'}`;
  const note = isActive ? '' : ` (${user.status})`;
  const text = `${user.displayName}${user.email ? ` - ${user.email}` : ''}${note}`;
  return `<label><input type="radio" name="user" value="${escapeHtml(user.id)}"${attributes}> ${escapeHtml(text)}</label>`;
}
