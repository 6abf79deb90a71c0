import { inspect } from 'node:util';

/**
 * A string that cannot be printed by accident: logs, JSON, template literals and inspection all show
 * `[secret]`. Only {@link Secret.reveal} gives the value.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it where the value is sent or sealed, nowhere else. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** A part of a secret of this length is blanked out too: what echoes a token may cut it. */
const SHORTEST_PART = 12;
const BLANK = '[secret]';

/**
 * `text` with every occurrence of the secrets replaced by `[secret]`: whole, or in part if 12 characters in a row or more
 * are theirs; as they are, or percent-encoded, form-encoded or JSON-escaped. For texts that another party sends back and
 * that are to be logged: what was sent to it may be in them. An empty secret occurs nowhere.
 */
export function blankOut(text: string, secrets: readonly Secret[]): string {
  const isSecret = new Array<boolean>(text.length).fill(false);
  for (const spelling of new Set(secrets.flatMap((secret) => spellingsOf(secret.reveal()))))
    markParts(text, spelling, isSecret);
  let blanked = '';
  for (let at = 0; at < text.length; at++)
    if (!isSecret[at]) blanked += text.charAt(at);
    else if (at === 0 || !isSecret[at - 1]) blanked += BLANK;
  return blanked;
}

function markParts(text: string, secret: string, isSecret: boolean[]): void {
  const length = Math.min(secret.length, SHORTEST_PART);
  if (length === 0) return;
  const parts = new Set<string>();
  for (let at = 0; at + length <= secret.length; at++) parts.add(secret.slice(at, at + length));
  for (let at = 0; at + length <= text.length; at++)
    if (parts.has(text.slice(at, at + length))) isSecret.fill(true, at, at + length);
}

function spellingsOf(value: string): string[] {
  const percent = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'));
  return [
    value,
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams([['', value]]).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
  ];
}
