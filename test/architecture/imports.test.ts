import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const options = await extractDepcruiseOptions(join(import.meta.dirname, 'dependency-rules.mjs'));
const RULES = options.ruleSet?.forbidden?.map(({ name }) => name) ?? [];

/** For each rule of `npm run imports` a file that breaks it, and by what. */
const OFFENCES = [
  ['downward-from-lib', 'src/lib/a.ts', "import { type Leaf } from '../oauth/leaf.js';"],
  ['downward-from-models', 'src/models/a.ts', "import '../relay/leaf.js';"],
  ['downward-from-relay', 'src/relay/a.ts', "import '../zoom/leaf.js';"],
  ['downward-from-oauth', 'src/oauth/a.ts', "export * from '../models/leaf.js';"],
  ['downward-from-audit', 'src/audit/a.ts', "import '../grants/leaf.js';"],
  ['downward-from-grants', 'src/grants/a.ts', "import { type Leaf } from './store/leaf.js';"],
  ['downward-from-grants-store', 'src/grants/store/a.ts', "import '../disconnect/leaf.js';"],
  ['downward-from-grants-disconnect', 'src/grants/disconnect/a.ts', "import '../refresh/leaf.js';"],
  ['downward-from-grants-connect', 'src/grants/connect/a.ts', "import '../refresh/leaf.js';"],
  ['downward-from-grants-refresh', 'src/grants/refresh/a.ts', "import '../connect/leaf.js';"],
  ['downward-from-app-token', 'src/app-token/a.ts', "import '../events/leaf.js';"],
  ['downward-from-events', 'src/events/a.ts', "await import('../zoom/leaf.js');"],
  ['downward-from-zoom', 'src/zoom/api/a.ts', "import '../../meetings/leaf.js';"],
  ['downward-from-meetings', 'src/meetings/a.ts', "import '../graphql/leaf.js';"],
  ['downward-from-graphql', 'src/graphql/a.ts', "import '../http/leaf.js';"],
  ['downward-from-http', 'src/http/a.ts', "import '../app/leaf.js';"],
  ['downward-from-app', 'src/app/a.ts', "import '../utils/leaf.js';"],
  ['nothing-into-dev-sandbox', 'src/dev/sandbox/a.ts', "import '../../lib/leaf.js';"],
  ['nothing-into-dev-embedded-mongo', 'src/dev/embedded-mongo/a.ts', "import '../sandbox/leaf.js';"],
  ['no-unknown-room', 'src/utils/a.ts', "import '../lib/leaf.js';"],
  [
    'no-circles',
    'src/lib/circle.ts',
    "import { type Circle } from './circle.js'; export interface Circle {}",
  ],
  ['no-import-of-an-entry-point', 'src/http/b.ts', "import '../cli/tool.js';"],
  ['config-takes-types-alone', 'src/config/a.ts', "import '../http/leaf.js';"],
  ['config-knows-no-starter', 'src/config/b.ts', "import { type Leaf } from '../app/leaf.js';"],
  ['config-gives-values-to-starters-alone', 'src/app/b.ts', "import '../config/leaf.js';"],
  ['config-gives-types-to-app-alone', 'src/zoom/b.ts', "import { type Leaf } from '../config/leaf.js';"],
  ['dev-for-starters-alone', 'src/app/c.ts', "await import('../dev/sandbox/leaf.js');"],
  ['dev-on-demand', 'src/main.ts', "import './dev/sandbox/leaf.js';"],
  ['no-barrels', 'src/zoom/c.ts', "import './meetings/index.js';"],
  ['kebab-case', 'src/zoom/d.ts', "import './camelCase.js';"],
  ['src-alone', 'src/zoom/e.ts', "import '../../test/leaf.js';"],
  ['resolved', 'src/zoom/f.ts', "import './nowhere.js';"],
  ['no-dev-dependency', 'src/zoom/g.ts', "import 'dev-tool';"],
  ['optional-dependency-in-dev-alone', 'src/zoom/h.ts', "import 'native-binary';"],
] as const;

/** What breaks no rule. */
const INNOCENT = [
  ['src/cli/tool.ts', "import '../app/leaf.js'; import '../config/leaf.js';"],
  [
    'src/dev/stand-ins.ts',
    "import './sandbox/leaf.js'; import '../config/leaf.js'; import '../http/leaf.js';",
  ],
  ['src/dev/embedded-mongo/b.ts', "import 'native-binary';"],
  ['src/app/d.ts', "import { type Leaf } from '../config/leaf.js'; import '../grants/connect/leaf.js';"],
  [
    'src/grants/refresh/b.ts',
    "import '../disconnect/leaf.js'; import '../store/leaf.js'; import '../leaf.js';",
  ],
  ['src/config/c.ts', "import { type Leaf } from '../http/leaf.js'; import '../lib/leaf.js';"],
] as const;

/** The files that those import. */
const LEAVES = [
  ...OFFENCES.map(([, file]) => join(dirname(file), 'leaf.ts')),
  'src/zoom/meetings/index.ts',
  'src/zoom/camelCase.ts',
  'test/leaf.ts',
  'node_modules/dev-tool/index.js',
  'node_modules/native-binary/index.js',
].map((file) => [file, 'export interface Leaf {}'] as const);
const MANIFEST =
  '{ "devDependencies": { "dev-tool": "1" }, "optionalDependencies": { "native-binary": "1" } }';

const broken: Record<string, string[]> = {};

beforeAll(async () => {
  const project = mkdtempSync(join(tmpdir(), 'imports-'));
  const offences = OFFENCES.map(([, file, text]) => [file, text] as const);
  for (const [file, text] of [['package.json', MANIFEST] as const, ...LEAVES, ...INNOCENT, ...offences]) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
  const { output } = await cruise(['src'], { ...options, baseDir: project });
  rmSync(project, { recursive: true });
  for (const { from, rule } of (output as ICruiseResult).summary.violations)
    (broken[from] ??= []).push(rule.name);
});

test.each(OFFENCES)('the rule %s finds the offence in %s', (rule, file) => {
  expect(broken[file]).toContain(rule);
});

test('every rule is shown to find something', () => {
  expect(OFFENCES.map(([rule]) => rule).toSorted()).toEqual(RULES.toSorted());
});

test('what is allowed breaks no rule', () => {
  expect(INNOCENT.map(([file]) => [file, broken[file] ?? []])).toEqual(INNOCENT.map(([file]) => [file, []]));
});
