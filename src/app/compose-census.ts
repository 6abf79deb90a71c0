import { takeCensus } from '../grants/store/census.js';
import { type Metrics } from '../http/metrics.js';
import { type Clock } from '../lib/clock.js';
import { type Database } from '../models/database.js';
import { SharedCensus } from '../models/shared-census.js';

/** Builds the job that keeps the gauges of what is stored up to date. `keyIds` are those of this process. */
export function composeCensus(
  { models, connection }: Pick<Database, 'models' | 'connection'>,
  { metrics, clock, keyIds }: { metrics: Metrics; clock: Clock; keyIds: readonly string[] },
): () => Promise<void> {
  const shared = new SharedCensus(connection);
  const ring = new Set(keyIds);
  return async () => {
    const now = clock();
    const census = await shared.refresh(now, () => takeCensus(models, now));
    if (census) metrics.census.publish(census, ring);
  };
}
