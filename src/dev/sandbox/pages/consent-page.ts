import { type ConsentRequest } from '../store/pending-authorizations.js';
import { type SandboxUser } from '../store/users.js';
import { escapeHtml, htmlPage, userChooser } from './html.js';

/** The consent page: who is asked, what for, and the form that carries the decision. */
export function consentPage(
  requestId: string,
  request: ConsentRequest,
  users: readonly SandboxUser[],
  suggestedUserId: string | undefined,
): string {
  return htmlPage(
    'Authorize app',
    `<h1>An app asks for access to a Zoom account</h1>
<p>Client <code>${escapeHtml(request.clientId)}</code> will return to <code>${escapeHtml(request.redirectUri)}</code>.</p>
<form method="post" action="/oauth/authorize/decision">
<input type="hidden" name="request" value="${requestId}">
<fieldset><legend>Continue as</legend>${userChooser(users, suggestedUserId)}</fieldset>
<h2>It will be able to use</h2>
<ul>${request.requiredScopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')}</ul>
${optionalChoices(request.optionalScopes)}
<div class="actions"><button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="decline">Decline</button></div>
</form>`,
  );
}

function optionalChoices(scopes: readonly string[]): string {
  if (scopes.length === 0) return '';
  const boxes = scopes.map((scope) => {
    const value = escapeHtml(scope);
    return `<label><input type="checkbox" name="scope" value="${value}" checked> <code>${value}</code></label>`;
  });
  return `<fieldset><legend>Optional</legend>${boxes.join('')}</fieldset>`;
}
