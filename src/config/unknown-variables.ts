/** A variable that looks as if it were meant for this server. */
export interface UnknownVariable {
  name: string;
  /** The known variable that is spelt most alike, if one is. */
  nearest: string | undefined;
}

/** First words of our names that other software uses too: only their first two words mark a variable as ours. */
const SHARED_WORDS = new Set(['GOOGLE', 'NODE', 'LOG', 'HTTP', 'HTTPS', 'NO', 'DEFAULT', 'HOST', 'PORT']);
/** What Kubernetes and Docker set for a service of a name such as `zoom` or `auth`. */
const SERVICE_LINK =
  /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$|_ENV_\w+$/;
/** Names of fewer letters are like too many others. */
const SHORTEST_LIKE_NAME = 8;
const MOST_TYPOS = 2;

/**
 * The names that are not known and that have a prefix of a known name (`ZOOM_`, `AUTH_`, `GOOGLE_MEET_`, ...), or that
 * differ from a known name by two letters at most. Not those that are `ignored`, nor those that Kubernetes and Docker set
 * for services.
 */
export function unknownVariables(
  names: readonly string[],
  known: readonly string[],
  ignored: readonly string[],
): UnknownVariable[] {
  const isKnown = new Set([...known, ...ignored]);
  const prefixes = prefixesOf(known);
  return names.flatMap((name) => {
    const upper = name.toUpperCase();
    if (isKnown.has(name) || isProxy(upper) || SERVICE_LINK.test(upper)) return [];
    const { nearest, distance } = nearestOf(upper, known);
    const isLike = upper.length >= SHORTEST_LIKE_NAME && distance <= MOST_TYPOS;
    if (!isLike && !prefixes.some((prefix) => upper.startsWith(prefix))) return [];
    return [{ name, nearest: distance <= upper.length / 2 ? nearest : undefined }];
  });
}

/** The usual names of proxies, which are like each other and like ours; ours in lower case are among them. */
const isProxy = (name: string) => /^(ALL|FTP|HTTPS?|NO|RSYNC|SOCKS|WSS?)_PROXY$/.test(name);

function prefixesOf(known: readonly string[]): string[] {
  const prefixes = known.flatMap((name) => {
    const [first = '', second, third] = name.split('_');
    if (second === undefined) return [];
    if (!SHARED_WORDS.has(first)) return [`${first}_`];
    return third === undefined ? [] : [`${first}_${second}_`];
  });
  return [...new Set(prefixes)];
}

function nearestOf(name: string, known: readonly string[]): { nearest: string; distance: number } {
  const candidates = known.map((nearest) => ({ nearest, distance: editDistance(name, nearest) }));
  return candidates.reduce((best, next) => (next.distance < best.distance ? next : best), {
    nearest: '',
    distance: Infinity,
  });
}

/** How many letters have to be inserted, deleted or replaced to make `b` of `a` (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
