import { type SandboxUser } from '../store/users.js';

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #1b1f2a; background: #f3f5fa; }
  .banner { background: #7a3e00; color: #fff; padding: .5rem 1rem; text-align: center; font-size: .9rem; }
  main { max-width: 34rem; margin: 2.5rem auto; padding: 2rem; background: #fff; border-radius: 12px;
    box-shadow: 0 2px 16px #1b1f2a1a; }
  h1 { font-size: 1.4rem; margin-top: 0; } h2 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
  fieldset { border: 1px solid #d5dae6; border-radius: 8px; margin: 0 0 1rem; }
  label { display: block; padding: .2rem 0; } code { font-size: .9em; } ul { padding-left: 1.2rem; }
  button { font: inherit; padding: .55rem 1.4rem; border-radius: 8px; border: 1px solid #0b5cff; cursor: pointer;
    background: #fff; color: #0b5cff; } button.primary { background: #0b5cff; color: #fff; }
  .actions { display: flex; gap: .75rem; } .muted { color: #5b6376; }`;

/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A complete page. `body` is HTML. Every page says that it is not from Zoom. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} - sandbox</title><style>${STYLE}</style></head>
<body><div class="banner">Sandbox: a local stand-in for Zoom. Nothing here reaches zoom.us.</div>
<main>${body}</main></body>
</html>`;
}

/** How many users a page shows at most. A test can have thousands of users. */
export const SHOWN_USERS = 50;

/** Radio buttons to choose a user. The suggested user, or else the first active one, comes first and is selected. */
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
