import { FuzzRun, type FuzzSummary } from './fuzz-run.js';

const setting = (name: string, otherwise: string) => process.env[`FUZZ_${name}`] ?? otherwise;

/** Set by `npm run fuzz`; in the plain suite a short run. */
const REQUESTS = Number(setting('REQUESTS', '2000'));
const SEED = Number(setting('SEED', '1'));
const ONLY = process.env['FUZZ_ONLY'];
/** How much more memory may be in use at the end than half way, MiB. Caches of parsed documents fill until then. */
const GROWTH_MB = { heap: 32, rss: 96 };
const MOST_SHOWN = 40;

test(
  'whatever is sent, no answer is a 5xx, blames the server or holds a secret, and the process keeps its size',
  async () => {
    const write = (line: string) => process.stdout.write(`${line}\n`);
    const only = ONLY === undefined ? undefined : Number(ONLY);
    const summary = await new FuzzRun({ requests: REQUESTS, seed: SEED, only, onProgress: write }).run();
    write(textOf(summary));
    expect(summary.violations.slice(0, MOST_SHOWN)).toEqual([]);
    if (only !== undefined) return;
    const [, middle, end] = summary.memory;
    expect((end?.heap ?? NaN) - (middle?.heap ?? NaN)).toBeLessThan(GROWTH_MB.heap);
    expect((end?.rss ?? NaN) - (middle?.rss ?? NaN)).toBeLessThan(GROWTH_MB.rss);
  },
  120_000 + REQUESTS * 20,
);

function textOf(summary: FuzzSummary): string {
  const { requests, seed, seconds, counts, memory, logLines, secrets, violations } = summary;
  const counted = Object.entries(counts).toSorted();
  return [
    `fuzz: ${requests} requests in ${seconds} s, seed ${seed}, ${logLines} log lines, ${secrets} secrets looked for`,
    ...counted.map(([answer, count]) => `  ${answer.padEnd(16)} ${count}`),
    ...memory.map(({ requests: after, rss, heap }) => `  after ${after}: RSS ${rss} MiB, heap ${heap} MiB`),
    `  violations: ${violations.length}`,
    ...kindsOf(violations),
    ...violations.slice(0, MOST_SHOWN).map(({ index, wrong }) => replayOf(seed, index, wrong)),
  ].join('\n');
}

/** How often each kind of violation was seen, and at which request first. */
function kindsOf(violations: FuzzSummary['violations']): string[] {
  const kinds = new Map<string, (number | undefined)[]>();
  for (const { index, wrong } of violations) kinds.set(wrong, [...(kinds.get(wrong) ?? []), index]);
  return [...kinds].map(
    ([wrong, indexes]) =>
      `  ${indexes.length} times: ${wrong.slice(0, 200)} (first: ${indexes[0] ?? 'no request'})`,
  );
}

function replayOf(seed: number, index: number | undefined, wrong: string): string {
  const again = index === undefined ? '' : `\n    again: npm run fuzz -- --seed ${seed} --only ${index}`;
  return `  ${wrong}${again}`;
}
