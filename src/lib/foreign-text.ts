/** The value of a JSON text of somebody else, with or without a byte order mark; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a text is a page for people. HTML has elements named `code` too, and they mean something else. */
export function isHtml(text: string): boolean {
  return /<(!doctype html|html|body)\b/i.test(text);
}

/** The text of the first XML element with this name, also in CDATA; undefined if there is none. */
export function xmlElement(text: string, name: string): string | undefined {
  const pattern = new RegExp(`<${name}\\b[^>]*>([^<]*|\\s*<!\\[CDATA\\[[^\\]]*\\]\\]>\\s*)</${name}>`);
  return pattern
    .exec(text)?.[1]
    ?.trim()
    .replace(/^<!\[CDATA\[|\]\]>$/g, '')
    .trim();
}
