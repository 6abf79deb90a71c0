/**
 * Who may import whom within src, for dependency-cruiser (`npm run imports`). A type import is an import.
 *
 * A room may import itself and the rooms on the floors below its own. Rooms on one floor do not import each other.
 */
const FLOORS = [
  ['lib'],
  ['models', 'relay', 'oauth'],
  ['audit'],
  ['grants'],
  ['grants/store'],
  ['grants/disconnect'],
  ['grants/connect', 'grants/refresh'],
  ['app-token', 'events'],
  ['zoom'],
  ['meetings'],
  ['graphql'],
  ['http'],
  ['app'],
];
/** Each of these is a small product of its own and imports nothing of ours. */
const STAND_INS = ['dev/sandbox', 'dev/embedded-mongo'];
/** What starts the rest, and so may import all of it: main.ts, the command-line tools, and what starts the stand-ins. */
const STARTERS = ['^src/main[.]ts$', '^src/cli/', '^src/dev/(demo/|[^/]+$)'];
const ENTRY_POINTS = '^src/([^/]+|cli/[^/]+|dev/demo/demo[.]ts)$';

/** The files of a room; those of grants without the rooms inside it. */
const filesOf = (room) => (room === 'grants' ? '^src/grants/[^/]+$' : `^src/${room}/`);
const ROOMS = FLOORS.flat();
const TYPES_ALONE = { dependencyTypesNot: ['type-only'] };

const downward = FLOORS.flatMap((floor, level) => {
  const below = FLOORS.slice(0, level).flat();
  return floor.map((room) => ({
    name: `downward-from-${room.replace('/', '-')}`,
    comment: `${room} may import ${below.join(', ') || 'nothing else of src'}.`,
    from: { path: filesOf(room) },
    // The configuration, the stand-ins and the entry points have rules of their own.
    to: { path: '^src/', pathNot: [...[room, ...below].map(filesOf), '^src/(config|dev)/', ENTRY_POINTS] },
  }));
});

const standIns = STAND_INS.map((room) => ({
  name: `nothing-into-${room.replace('/', '-')}`,
  comment: `${room} contradicts our own code and so shares nothing with it.`,
  from: { path: filesOf(room) },
  to: { path: '^src/', pathNot: filesOf(room) },
}));

const others = [
  {
    name: 'no-unknown-room',
    comment: 'Every file lies in a room that these rules know.',
    from: { path: '^src/', pathNot: [...[...ROOMS, 'config', ...STAND_INS].map(filesOf), ...STARTERS] },
    to: {},
  },
  { name: 'no-circles', comment: 'Not by types either.', from: {}, to: { circular: true } },
  { name: 'no-import-of-an-entry-point', from: {}, to: { path: ENTRY_POINTS } },
  {
    name: 'config-takes-types-alone',
    comment: 'The configuration is plain values: from the rooms it may import types, from lib anything.',
    from: { path: '^src/config/' },
    to: { path: '^src/', pathNot: ['^src/(config|lib)/'], ...TYPES_ALONE },
  },
  {
    name: 'config-knows-no-starter',
    from: { path: '^src/config/' },
    to: { path: ['^src/(app|dev)/', ENTRY_POINTS] },
  },
  {
    name: 'config-gives-values-to-starters-alone',
    comment: 'Everybody else is given what it needs; app may name the types.',
    from: { path: '^src/', pathNot: ['^src/config/', ...STARTERS] },
    to: { path: '^src/config/', ...TYPES_ALONE },
  },
  {
    name: 'config-gives-types-to-app-alone',
    from: { path: '^src/', pathNot: ['^src/(config|app)/', ...STARTERS] },
    to: { path: '^src/config/' },
  },
  {
    name: 'dev-for-starters-alone',
    from: { path: '^src/', pathNot: ['^src/dev/', ...STARTERS] },
    to: { path: '^src/dev/' },
  },
  {
    name: 'dev-on-demand',
    comment: 'A production process loads nothing of dev: main.ts and cli import it by await import().',
    from: { path: '^src/(main[.]ts$|cli/)' },
    to: { path: '^src/dev/', dynamic: false, ...TYPES_ALONE },
  },
  { name: 'no-barrels', from: {}, to: { path: '/index[.]ts$', pathNot: 'node_modules' } },
  {
    name: 'kebab-case',
    from: {},
    to: { path: '^src/.*[^a-z0-9/.-]' },
  },
  {
    name: 'src-alone',
    comment: 'Not tests, scripts, pages.',
    from: {},
    to: { path: '^(test|scripts|web|dist)/' },
  },
  { name: 'resolved', comment: 'Every import finds its file.', from: {}, to: { couldNotResolve: true } },
  {
    name: 'no-dev-dependency',
    comment: 'A production install has none of them.',
    from: {},
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], ...TYPES_ALONE },
  },
  {
    name: 'optional-dependency-in-dev-alone',
    from: { pathNot: '^src/dev/' },
    to: { dependencyTypes: ['npm-optional'] },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...downward, ...standIns, ...others].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
