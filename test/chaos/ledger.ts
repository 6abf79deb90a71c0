import { type Cluster } from '../support/cluster.js';
import { sample } from '../support/process-metrics.js';

/**
 * How many token pairs Zoom has handed out for a Zoom user that no change of a row tells of. Grows by one with each
 * loss, and with nothing else.
 */
export async function unrecordedPairs(
  cluster: Cluster,
  zoomUserId: string,
  userIds: string[],
): Promise<number> {
  const issued = cluster.sandbox.control
    .grants()
    .filter((grant) => grant.zoomUserId === zoomUserId)
    .reduce((sum, { refreshCount }) => sum + 1 + refreshCount, 0);
  const { auditEvents, grants } = cluster.database.models;
  const recorded = new Set<string>();
  for (const userId of userIds) {
    const row = await grants.findOne({ userId }).lean();
    const trail = await auditEvents.find({ userId }).lean();
    for (const { _id, type } of [...trail, ...(row?.outbox ?? [])])
      if (type === 'grant.authorized' || type === 'access_token.refreshed') recorded.add(_id);
  }
  return issued - recorded.size;
}

/** How many refreshes the living processes have adopted from others. */
export async function adoptions(cluster: Cluster): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const process of cluster.processes.filter((each) => each.alive())) {
    counts.set(
      process.url,
      await sample(process.url, 'zoom_refresh_lease_wait_seconds_count{outcome="adopted"}'),
    );
  }
  return counts;
}
