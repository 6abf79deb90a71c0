/** Every form shorter than this is looked for one by one. */
const KEY_LENGTH = 12;

/** A secret that was found in a text, and the form in which it stood there. */
export interface Sighting {
  name: string;
  form: string;
}

/** Percent-encoding of every byte that is no letter or digit, as forms and strict URL libraries do it. */
const encodeAll = (value: string) =>
  Array.from(Buffer.from(value), (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');

/**
 * What a value looks like inside the base64 of a longer text, whatever stands before and after it: one form for each
 * place modulo three. The characters that also hold bits of the neighbours are cut off.
 */
function insideBase64(value: string, encoding: 'base64' | 'base64url'): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString(encoding)
      .replace(/=+$/, '');
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(start, end);
  });
}

/** The forms in which a value could leave: plain, as JSON writes it, percent-encoded, base64, base64url, hexadecimal. */
export function formsOf(value: string): ReadonlyMap<string, string> {
  const json = JSON.stringify(value).slice(1, -1);
  const inForm = new URLSearchParams({ '': value }).toString().slice(1);
  const percent = [encodeURIComponent(value), encodeURI(value), encodeAll(value), inForm];
  const forms: [form: string, names: string][] = [
    [value, 'plain'],
    [json, 'JSON'],
    ...percent.flatMap((text): [string, string][] => [
      [text, 'percent-encoded'],
      [text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()), 'percent-encoded'],
      [text.replaceAll('%20', '+'), 'percent-encoded'],
    ]),
    ...insideBase64(value, 'base64').map((text): [string, string] => [text, 'base64']),
    ...insideBase64(value, 'base64url').map((text): [string, string] => [text, 'base64url']),
    [Buffer.from(value).toString('hex'), 'hexadecimal'],
  ];
  // The first name of a form counts: most values are plain in several of them.
  return new Map(forms.toReversed());
}

/** Known secrets, and a search for them in texts. Adding is cheap, and so is a search for thousands of them. */
export class Canaries {
  readonly #long = new Map<string, { form: string; sighting: Sighting }[]>();
  readonly #short = new Map<string, Sighting>();
  /** The secrets, each with its name. */
  readonly #known = new Map<string, string>();

  /** Adds a secret under the name that a report shows. An empty one is ignored, and so is one that is known. */
  add(name: string, value: string | undefined): void {
    if (!value || this.#known.has(value)) return;
    this.#known.set(value, name);
    for (const [text, form] of formsOf(value)) {
      if (text.length < KEY_LENGTH) this.#short.set(text, { name, form });
      else {
        const key = text.slice(0, KEY_LENGTH);
        const others = this.#long.get(key) ?? [];
        this.#long.set(key, [...others, { form: text, sighting: { name, form } }]);
      }
    }
  }

  /** How many secrets are known. */
  get size(): number {
    return this.#known.size;
  }

  /** The names of the secrets, each once. */
  names(): string[] {
    return [...new Set(this.#known.values())];
  }

  /** Which secrets stand in a text, each once. */
  find(text: string): Sighting[] {
    const found = new Map<string, Sighting>();
    for (const [short, sighting] of this.#short) if (text.includes(short)) found.set(sighting.name, sighting);
    for (let at = 0; at + KEY_LENGTH <= text.length; at++)
      for (const { form, sighting } of this.#long.get(text.slice(at, at + KEY_LENGTH)) ?? [])
        if (text.startsWith(form, at)) found.set(sighting.name, sighting);
    return [...found.values()];
  }
}
