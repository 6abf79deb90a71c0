const USER_KEY = 'zoom-demo-user';
const TOKEN_KEY = 'zoom-demo-token';

/** Whether this server has a development issuer, which signs a token for any user. */
export function hasDevelopmentIssuer(): boolean {
  return document.documentElement.dataset.developmentIssuer === 'true';
}

/** The user that the pages act for. */
export function userName(): string {
  return localStorage.getItem(USER_KEY) ?? 'demo-user';
}

export function setUserName(name: string): void {
  localStorage.setItem(USER_KEY, name);
}

/** A token of the development issuer, good for 12 hours. */
export async function developmentToken(userId: string): Promise<string> {
  const response = await fetch('/development/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  if (!response.ok) throw new Error(`No development token: HTTP ${response.status}.`);
  return ((await response.json()) as { token: string }).token;
}

/** A token of the platform. It is kept until the tab is closed. */
export function pastedToken(): string {
  return sessionStorage.getItem(TOKEN_KEY) ?? '';
}

export function setPastedToken(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token.trim().replace(/^Bearer /i, ''));
}
