/** A minimal browser: it keeps cookies per host and does not follow redirects. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Sends a request with the cookies of its host, and keeps the cookies of the answer. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const isRemoved = attributes.some((attribute) =>
        /^(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute),
      );
      if (isRemoved) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** The names of the cookies of a host. */
  cookies(url: string): string[] {
    return [...(this.#cookies.get(new URL(url).host)?.keys() ?? [])];
  }

  /** The values of the cookies of a host. */
  cookieValues(url: string): string[] {
    return [...(this.#cookies.get(new URL(url).host)?.values() ?? [])];
  }
}

/** Presses Allow on a consent page as the selected user. Returns the URL of the redirect. */
export async function pressAllow(browser: Browser, pageUrl: string, html: string): Promise<string> {
  const form = new URLSearchParams({ decision: 'allow' });
  for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g))
    form.append(name, value);
  form.set('user', /name="user" value="([^"]+)" checked/.exec(html)?.[1] ?? '');
  const decided = await browser.fetch(new URL('/oauth/authorize/decision', pageUrl).href, {
    method: 'POST',
    body: form,
  });
  return decided.headers.get('location') ?? `HTTP ${decided.status} without a redirect`;
}
