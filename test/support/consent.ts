import { type Browser } from '../../src/dev/demo/browser.js';

export interface ConsentChoice {
  decision?: 'allow' | 'decline';
  /** The Zoom user who decides. Default: the first user on the page. */
  zoomUserId?: string;
  /** Optional scopes to leave unticked. */
  untick?: string[];
}

/**
 * Opens an authorization URL and decides on the consent page. Returns the address to which Zoom redirects the browser.
 */
export async function consentAt(
  browser: Browser,
  authorizationUrl: string,
  { decision = 'allow', zoomUserId, untick = [] }: ConsentChoice = {},
): Promise<string> {
  const page = await browser.fetch(authorizationUrl);
  const html = await page.text();
  if (page.status !== 200) throw new Error(`consent page: HTTP ${page.status}`);
  const form = new URLSearchParams({ decision });
  for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g))
    form.append(name, value);
  form.set('user', zoomUserId ?? /name="user"[^>]*value="([^"]+)"/.exec(html)?.[1] ?? '');
  for (const [, value = ''] of html.matchAll(/type="checkbox"[^>]*name="scope"[^>]*value="([^"]+)"/g))
    if (!untick.includes(value)) form.append('scope', value);
  const decided = await browser.fetch(new URL('/oauth/authorize/decision', authorizationUrl).href, {
    method: 'POST',
    body: form,
  });
  const location = decided.headers.get('location');
  if (!location) throw new Error(`decision: HTTP ${decided.status} without a redirect`);
  return location;
}
