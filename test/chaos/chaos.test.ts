import { Arena, SHAPE } from './arena.js';
import { planRound } from './plan.js';
import { tableOf, Tally } from './tally.js';

const setting = (name: string, otherwise: string) => process.env[`CHAOS_${name}`] ?? otherwise;

/** Set by `npm run chaos`; in the plain suite a short run. */
const KILLS = Number(setting('KILLS', '12'));
const SEED = Number(setting('SEED', '1'));
const ROTATIONS = setting('ROTATION', 'strict,grace').split(',') as ('strict' | 'grace')[];
/** Clusters that are disturbed side by side: a round waits more than it works. */
const ARENAS = Number(setting('ARENAS', '1'));
/** How often a long run says how far it is. */
const ROUNDS_A_LINE = 20;
/** A single round to be played again and again, as often as rounds are needed for the kills. */
const ROUND = process.env['CHAOS_ROUND'];

test.each(ROTATIONS)(
  '%s rotation: whatever is killed and whenever, no connection is lost silently and no book contradicts another',
  async (rotation) => {
    const tally = new Tally();
    const arenas: Arena[] = [];
    try {
      for (let n = 0; n < ARENAS; n++) arenas.push(await Arena.open(rotation, tally));
      let next = 1;
      await Promise.all(
        arenas.map(async (arena) => {
          while (tally.killed < KILLS && tally.violations.length === 0) {
            await arena.play(SEED, ROUND === undefined ? next++ : Number(ROUND));
            if (tally.rounds % ROUNDS_A_LINE === 0)
              process.stdout.write(`  ${rotation}: ${tally.killed} kills\n`);
          }
        }),
      );
      if (tally.violations.length === 0) await Promise.all(arenas.map((arena) => arena.compareWithTold()));
      const measured = arenas.map((arena) => arena.measure());
      process.stdout.write(`\n${tableOf({ rotation, seed: SEED }, tally, measured)}`);
      if (tally.violations.length > 0) process.stdout.write(replayOf(rotation, tally));
      expect(tally.violations).toEqual([]);
      if (rotation === 'strict') expect(Math.max(...measured.map((each) => each.maxRedemptions))).toBe(1);
    } finally {
      await Promise.all(arenas.map((arena) => arena.close()));
    }
  },
  120_000 + KILLS * 10_000,
);

/** What went wrong in which rounds, what they hold, and how to play them again. */
function replayOf(rotation: string, { violations }: Tally): string {
  const told = violations.map(
    ({ round, what }) => `  ${round === undefined ? 'at the end' : `round ${round}`}: ${what}\n`,
  );
  const rounds = violations.map(({ round }) => round).filter((round) => round !== undefined);
  const again = [...new Set(rounds)].map((round) => {
    const plan = JSON.stringify(planRound(SEED, round, SHAPE));
    return `  again: npm run chaos -- --seed ${SEED} --rotation ${rotation} --round ${round} --kills 60\n  ${plan}\n`;
  });
  return [...told, ...again].join('');
}
