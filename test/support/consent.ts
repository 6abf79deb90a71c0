import { type Browser } from '../../src/dev/demo/browser.js';

/** What a person does on the sandbox's consent page. */
export interface ConsentChoice {
  decision?: 'allow' | 'decline';
  /** Which Zoom user is signed in; default: the first of the chooser. */
  zoomUserId?: string;
  /** Optional scopes to leave unticked. */
  untick?: string[];
}

/** Opens the authorization URL, decides, and answers where Zoom sends the browser. */
export async function consentAt(
  browser: Browser,
  authorizationUrl: string,
  { decision = 'allow', zoomUserId, untick = [] }: ConsentChoice = {},
): Promise<string> {
  const page = await browser.fetch(authorizationUrl);
  const html = await page.text();
  if (page.status !== 200) throw new Error(`consent page: HTTP ${page.status}`);
  const form = new URLSearchParams({ decision });
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g))
    form.append(name!, value!);
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
