import { type Cluster } from './cluster.js';

/**
 * One cluster for all tests of a file, as `start` makes it. After each test all trouble is taken away, and the books must
 * not contradict each other.
 */
export function shareCluster(start: () => Promise<Cluster>): void {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await start();
  }, 60_000);
  afterEach(async () => {
    cluster.calm();
    expect(await cluster.contradictions()).toEqual([]);
  });
  afterAll(() => cluster.close());
}

/** A cluster of its own for each test of a file, as `start` makes it. After each test the books must not contradict. */
export function freshCluster(start: () => Promise<Cluster>): void {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await start();
  }, 60_000);
  afterEach(async () => {
    const contradictions = await cluster.contradictions().finally(() => cluster.close());
    expect(contradictions).toEqual([]);
  });
}
